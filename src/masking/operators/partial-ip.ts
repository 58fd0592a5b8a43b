import { type Masked, maskKnown, maskWhole } from '../operator.ts';

const V4 = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;
const GROUP = /^[0-9a-f]{1,4}$/i;

/** The first octet of an IPv4 address, the first group of an IPv6 address. Zones, ports and prefixes are no address. Source: RFC 4291; synthetic-and-masking.md §6.2. */
export function maskIp(value: string): Masked {
  const text = value.trim();
  const four = V4.exec(text);
  if (four !== null) return maskKnown(`${four[1] ?? ''}.*.*.*`, 2 ** 24);
  const first = firstGroup(text);
  return first === undefined ? maskWhole() : maskKnown(`${first}:*:*:*:*:*:*:*`, 2 ** 112);
}

function firstGroup(text: string): string | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const all = groups.flat();
  if (all.some((group) => !GROUP.test(group))) return undefined;
  if (halves.length === 1 ? all.length !== 8 : all.length > 7) return undefined;
  return groups[0]?.[0] ?? '0';
}
