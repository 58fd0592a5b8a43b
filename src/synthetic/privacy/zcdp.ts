const HALVINGS = 200;

/**
 * The smallest δ for which ρ-zero-concentrated differential privacy implies (ε, δ): the minimum over orders α > 1 of
 * exp((α − 1)(αρ − ε) + α ln(1 − 1/α)) / (α − 1), found on its derivative. Within [0, 1]; not below the true δ.
 * Source: Canonne, Kamath, Steinke 2020, Proposition 12; synthetic-and-masking.md §4.0.
 */
export function deltaOfRho(rho: number, epsilon: number): number {
  if (!(rho > 0)) return 0;
  let low = 1.01;
  let high = (epsilon + 1) / (2 * rho) + 2;
  let order = high;
  for (let step = 0; step < HALVINGS; step += 1) {
    order = (low + high) / 2;
    if ((2 * order - 1) * rho - epsilon + Math.log1p(-1 / order) < 0) low = order;
    else high = order;
  }
  const exponent = (order - 1) * (order * rho - epsilon) + order * Math.log1p(-1 / order);
  return Math.min(1, Math.exp(exponent) / (order - 1));
}

/**
 * The largest ρ that (ε, δ) allows, from below. Throws on ε or δ that bound nothing (ε ≤ 0, δ outside (0, 1)).
 * Source: synthetic-and-masking.md §4.0 (vectors).
 */
export function rhoOf(epsilon: number, delta: number): number {
  if (!(epsilon > 0) || !(delta > 0 && delta < 1)) throw new RangeError('Privacy parameters out of range');
  let low = 0;
  let high = epsilon + 1;
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (deltaOfRho(middle, epsilon) <= delta) low = middle;
    else high = middle;
  }
  return low;
}

/** The smallest ε that ρ gives at δ, from above: what a ledger shows. Source: synthetic-and-masking.md §4.0. */
export function epsilonOf(rho: number, delta: number): number {
  if (!(rho > 0)) return 0;
  let low = 0;
  let high = rho + 2 * Math.sqrt(rho * Math.log(1 / delta));
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (deltaOfRho(rho, middle) <= delta) high = middle;
    else low = middle;
  }
  return high;
}
