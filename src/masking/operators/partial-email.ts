import { charactersOf, type Masked, maskKnown, maskWhole } from '../operator.ts';

const ADDRESS = /^([^\s@"<>(),;:\\]{1,64})@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})$/iu;

/**
 * An e-mail address with the first character of its name and its domain; `both` keeps two characters of name and domain and the last label, and
 * hides how long they are. Anything but one plain address is masked whole, and so is one whose domain has the name or a long number in it. Names behind a mask are not counted. Source: RFC 5321; synthetic-and-masking.md §6.2.
 */
export function maskEmail(value: string, style: 'name' | 'both' = 'name'): Masked {
  const [, name, domain] = ADDRESS.exec(value.trim()) ?? [];
  if (name === undefined || domain === undefined) return maskWhole();
  const characters = charactersOf(name);
  if (tellsWho(name, domain)) return maskWhole();
  if (style === 'both') {
    const shown = (text: string): string => charactersOf(text).slice(0, 2).join('');
    if (characters.length < 3) return maskWhole();
    return maskKnown(`${shown(name)}******@${shown(domain)}******${domain.slice(domain.lastIndexOf('.'))}`, null);
  }
  const kept = characters.length > 1 ? (characters[0] ?? '') : '';
  return maskKnown(`${kept}${'*'.repeat(characters.length - (kept === '' ? 0 : 1))}@${domain}`, null);
}

/** A domain of somebody's own: it has a long number in it, or the name itself or a part of it. Then what is shown would be what was to be hidden. */
function tellsWho(name: string, domain: string): boolean {
  const lower = domain.toLowerCase();
  const parts = name.toLowerCase().split(/[._+-]/);
  return (
    /\d{7}/.test(lower.replace(/[.-]/g, '')) ||
    [...parts, parts.join('')].some((part) => charactersOf(part).length > 2 && lower.includes(part))
  );
}
