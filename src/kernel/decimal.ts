/** An exact decimal number: `digits / 10^scale`. Scale is never negative. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const DECIMAL_TEXT = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** So many digits are a whole number that a double holds exactly; powers of ten up to 10^22 are exact too. */
const EXACT_DIGITS = 15;
const EXACT_BELOW = 10 ** EXACT_DIGITS;

/** Reads `12`, `-3.50`, `1e5`. Gives undefined for anything else (infinities and NaN included). */
export function parseDecimal(text: string): Decimal | undefined {
  return plainDecimal(text) ?? anyDecimal(text);
}

const [ZERO, NINE, POINT] = [48, 57, 46];

/** Short texts of digits with at most one point between them: nearly all there are, by the ten thousand. */
function plainDecimal(text: string): Decimal | undefined {
  const { length } = text;
  if (length > EXACT_DIGITS) return undefined;
  let [digits, point] = [0, -1];
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) digits = digits * 10 + (code - ZERO);
    else if (code === POINT && point < 0 && at > 0) point = at;
    else return undefined;
  }
  if (length === 0 || point === length - 1) return undefined;
  return { digits: BigInt(digits), scale: point < 0 ? 0 : length - 1 - point };
}

function anyDecimal(text: string): Decimal | undefined {
  const match = DECIMAL_TEXT.exec(text);
  if (match === null) return undefined;
  const [, sign, whole, fraction = '', exponent = '0'] = match;
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

export function integer(value: number | bigint): Decimal {
  return { digits: BigInt(value), scale: 0 };
}

function aligned(a: Decimal, b: Decimal): readonly [bigint, bigint, number] {
  if (a.scale === b.scale) return [a.digits, b.digits, a.scale];
  const scale = Math.max(a.scale, b.scale);
  return [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale), scale];
}

export function compareDecimals(a: Decimal, b: Decimal): -1 | 0 | 1 {
  if (a.scale === b.scale) return a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0;
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.scale === b.scale) return { digits: a.digits + b.digits, scale: a.scale };
  const [x, y, scale] = aligned(a, b);
  return { digits: x + y, scale };
}

export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  if (a.scale === b.scale) return { digits: a.digits - b.digits, scale: a.scale };
  return addDecimals(a, negateDecimal(b));
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, scale: a.scale + b.scale };
}

export function negateDecimal(a: Decimal): Decimal {
  return { digits: -a.digits, scale: a.scale };
}

export function absoluteDecimal(a: Decimal): Decimal {
  return a.digits < 0n ? negateDecimal(a) : a;
}

/** Plain decimal text without exponent and without trailing zeros behind the point. */
export function decimalText(value: Decimal): string {
  const negative = value.digits < 0n;
  const padded = (negative ? -value.digits : value.digits).toString().padStart(value.scale + 1, '0');
  const whole = padded.slice(0, padded.length - value.scale);
  const fraction = padded.slice(padded.length - value.scale).replace(/0+$/, '');
  const text = fraction === '' ? whole : `${whole}.${fraction}`;
  return negative && value.digits !== 0n ? `-${text}` : text;
}

/** The nearest double. Deterministic, not exact. */
export function decimalNumber(value: Decimal): number {
  const { scale } = value;
  if (scale >= EXACT_DIGITS) return Number(decimalText(value));
  const digits = Number(value.digits);
  // Both exact: one division rounds as reading the text does.
  return Math.abs(digits) < EXACT_BELOW ? digits / 10 ** scale : Number(decimalText(value));
}

/** The number itself where a double holds it exactly by its digits, otherwise its decimal text. */
export function decimalFigure(value: Decimal): number | string {
  const isShort = value.scale < EXACT_DIGITS && Math.abs(Number(value.digits)) < EXACT_BELOW;
  if (isShort) return decimalNumber(value);
  const text = decimalText(value);
  return text.replace(/\D/g, '').length <= EXACT_DIGITS ? Number(text) : text;
}
