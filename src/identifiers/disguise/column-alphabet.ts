import type { IdentifierKind } from '../identifier-kind.ts';
import { isMobile } from '../mobile.ts';
import { isCheckedId } from './scan-disguised.ts';

/** Distinct cells that are looked at, and how many of them must agree. */
const MOST_CELLS = 200;
const LEAST_CELLS = 8;
const LEAST_SHARE = 0.9;
const LONGEST = 400;
const LENGTHS: ReadonlySet<number> = new Set([11, 18]);
/** Signs whose order is not that of their codes. */
const KNOWN_ORDERS = ['⠚⠁⠃⠉⠙⠑⠋⠛⠓⠊', '子丑寅卯辰巳午未申酉戌亥', '甲乙丙丁戊己庚辛壬癸'];

type Symbols = readonly string[];
type Cut = (text: string) => Symbols;

/** Ways to cut a cell into signs that each stand for a digit. */
const CUTS: readonly Cut[] = [
  (text) => [...text.replaceAll(/[\s⠼-]/gu, '')],
  (text) => text.trim().split(/[\s,;|/_·-]+/u),
  (text) => (/^[01\s]+$/.test(text) ? pieces(text, 4) : []),
  (text) => (/^[ab\s]+$/i.test(text) ? pieces(text, 5) : []),
  (text) => (/^[1-6\s]+$/.test(text) ? pieces(text, 2) : []),
  // So many strokes or letters for each digit; none for zero.
  (text) => text.split(/[ ,;/]/).map((run) => (/^(.?)\1*$/u.test(run) ? String([...run].length).padStart(2, '0') : '?')),
];

function pieces(text: string, width: number): Symbols {
  return text.replaceAll(/\s/g, '').match(new RegExp(`.{${width}}`, 'g')) ?? [];
}

/**
 * Numbers of a column of which each digit is written as some other sign: symbols, letters of any script, groups of bits or letters, squares of two
 * digits, counts of strokes. The signs must be ten (eleven with the check sign), and stand for the digits in the order of their codes from any
 * digit on, up or down; then check digits, or the form of mobile numbers, must hold in nearly every cell. Null otherwise, also for plain digits. Own design: ADR 0017.
 */
export function alphabetDisguise(distinct: readonly string[]): { readonly kind: IdentifierKind; readonly disguise: string } | null {
  const cells = distinct.slice(0, MOST_CELLS).filter((cell) => cell.length <= LONGEST);
  if (cells.length < LEAST_CELLS) return null;
  for (const cut of CUTS) {
    const kind = kindOf(cells.map(cut), cells.length);
    if (kind !== null) return { kind, disguise: 'other signs for digits' };
  }
  return null;
}

function kindOf(rows: readonly Symbols[], cells: number): IdentifierKind | null {
  const whole = rows.filter((row) => LENGTHS.has(row.length));
  const width = whole[0]?.length ?? 0;
  const same = whole.filter((row) => row.length === width);
  if (same.length < LEAST_SHARE * cells) return null;
  const body = new Set(same.flatMap((row) => row.slice(0, -1)));
  if (body.size !== 10 || [...body].every((sign) => /^\d$/.test(sign))) return null;
  const others = new Set(same.flatMap((row) => row.slice(-1)).filter((sign) => !body.has(sign)));
  if (others.size > 1) return null;
  for (const order of ordersOf(body)) {
    const value = new Map(order.map((sign, digit) => [sign, String(digit)]));
    const numbers = same.map((row) => row.map((sign) => value.get(sign) ?? 'X').join(''));
    const judge = width === 18 ? isCheckedId : isMobile;
    if (numbers.filter((number) => judge(number)).length < LEAST_SHARE * cells) continue;
    if (width === 18) return 'residentId';
    if (new Set(numbers.map((number) => number.slice(0, 3))).size >= 4) return 'mobile';
  }
  return null;
}

function* ordersOf(signs: ReadonlySet<string>): Generator<readonly string[]> {
  const known = KNOWN_ORDERS.find((order) => [...signs].every((sign) => order.includes(sign)));
  const place = (sign: string): number => known?.indexOf(sign) ?? 0;
  const byCode = [...signs].toSorted((one, other) => place(one) - place(other) || compareCodes(one, other));
  for (let from = 0; from < byCode.length; from += 1) {
    const turned = [...byCode.slice(from), ...byCode.slice(0, from)];
    yield turned;
    yield turned.toReversed();
  }
}

function compareCodes(one: string, other: string): number {
  return (one.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0) || (one < other ? -1 : 1);
}
