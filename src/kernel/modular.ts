/** The prime modulus of the ledger: 2^31 − 1. Source: ADR 0014. */
export const MODULUS = 2147483647;

const INVERSE = 1 / MODULUS;

/** The sum of two residues. Operands must be in 0…MODULUS−1. Source: ADR 0014. */
export function addMod(a: number, b: number): number {
  const sum = a + b;
  return sum >= MODULUS ? sum - MODULUS : sum;
}

/** The difference of two residues. Operands must be in 0…MODULUS−1. Source: ADR 0014. */
export function subMod(a: number, b: number): number {
  return a >= b ? a - b : a - b + MODULUS;
}

/**
 * The product of two residues without BigInt. The quotient is estimated in doubles, which is off by one at most, and
 * only where the remainder is within 2^11 of 0 or of the modulus; so the low 32 bits of the remainder decide it.
 * Operands must be in 0…MODULUS−1. Source: ADR 0014.
 */
export function mulMod(a: number, b: number): number {
  const quotient = Math.floor(a * b * INVERSE);
  const rest = (Math.imul(a, b) - Math.imul(quotient, MODULUS)) >>> 0;
  if (rest >= 0xfffff000) return rest + MODULUS - 0x100000000;
  return rest >= MODULUS ? rest - MODULUS : rest;
}

/** The inverse of a residue other than 0, by Fermat. Throws on 0, which has none. Source: ADR 0014. */
export function inverseMod(value: number): number {
  if (value === 0) throw new Error('Zero has no inverse');
  let result = 1;
  let power = value;
  for (let exponent = MODULUS - 2; exponent > 0; exponent = Math.floor(exponent / 2)) {
    if (exponent % 2 === 1) result = mulMod(result, power);
    power = mulMod(power, power);
  }
  return result;
}

/** The residue of any safe integer, negative ones included. Throws on what is no safe integer. Source: ADR 0014. */
export function residueOf(value: number): number {
  if (!Number.isSafeInteger(value)) throw new Error('A coefficient is no safe integer');
  const rest = value % MODULUS;
  return rest < 0 ? rest + MODULUS : Math.abs(rest); // no negative zero
}
