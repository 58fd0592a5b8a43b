import { byteReadings } from '../../identifiers/disguise/byte-decoders.ts';
import { byteTexts } from '../../identifiers/disguise/read-bytes.ts';
import { textReadings } from '../../identifiers/disguise/text-decoders.ts';
import { textShape } from '../../identifiers/disguise/text-shape.ts';
import { foldText } from '../../identifiers/fold-text.ts';

const MOST_LAYERS = 24;

/** One spelling of a text, for comparison. Source: Unicode TR 15 (NFKC). */
export function plain(text: string): string {
  return foldText(text).trim().toUpperCase();
}

/**
 * What a text reads as when the encodings everybody knows are undone, up to two over one another, with the name of the way. The same
 * reading may come more than once. Source: models-and-audit.md M32 b.
 */
export function* readingsOf(left: string): Generator<readonly [text: string, way: string]> {
  let layer: readonly (readonly [string, string])[] = [[left, '']];
  for (let depth = 0; depth < 2; depth += 1) {
    const next: (readonly [string, string])[] = [];
    for (const [text, path] of layer) {
      for (const [read, name] of readingsOnce(text)) {
        const whole = path === '' ? name : `${path}, ${name}`;
        yield [read, whole];
        if (depth === 0 && name !== 'shift' && next.length < MOST_LAYERS) next.push([read, whole]);
      }
    }
    layer = next;
  }
}

function readingsOnce(text: string): readonly (readonly [string, string])[] {
  const shape = textShape(text);
  return [
    ...textReadings(text, shape).map((reading) => [reading.text, reading.name] as const),
    ...byteReadings(text, shape).flatMap(({ name, bytes }) =>
      byteTexts(bytes).map((read) => [read.text, `${name}${read.name === '' ? '' : `, ${read.name}`}`] as const),
    ),
    [[...text].reverse().join(''), 'reversed'] as const,
    ...shifted(text),
  ];
}

/** Letters and digits moved by one number each round their own circle. Source: ROT13 and its kin. */
function shifted(text: string): readonly (readonly [string, string])[] {
  if (text.length > 200 || !/[0-9A-Za-z]/.test(text)) return [];
  return Array.from({ length: 25 }, (_, at) => {
    const by = at + 1;
    const moved = text.replaceAll(/[0-9A-Za-z]/g, (sign) => {
      if (/\d/.test(sign)) return String((Number(sign) + by) % 10);
      const base = sign >= 'a' ? 97 : 65;
      return String.fromCharCode(base + ((sign.charCodeAt(0) - base + by) % 26));
    });
    return [moved, 'shift'] as const;
  });
}
