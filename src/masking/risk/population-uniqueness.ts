import { type SizeCount, unitsIn } from './class-sizes.ts';
import { pitmanUniqueness } from './pitman.ts';
import { snbUniqueness } from './snb.ts';
import { zayatzUniqueness } from './zayatz.ts';

/** Shares of the population that are unique, by model; null where the model does not fit. */
export interface PopulationUniqueness {
  readonly pitman: number | null;
  readonly zayatz: number | null;
  readonly snb: number | null;
  /** Dankar's choice among them. */
  readonly dankar: number | null;
}

const SMALL_SAMPLE = 0.1;

/**
 * All estimates, and Dankar's: Pitman (Zayatz where it does not fit) for samples of a tenth or less of the population, else the smaller of Zayatz and SNB. A table that is the whole population needs no model.
 * Source: Dankar, El Emam, Neisa and Roffey 2012; synthetic-and-masking.md §7.1.
 */
export function populationUniqueness(sizes: readonly SizeCount[], population: number): PopulationUniqueness {
  const units = unitsIn(sizes);
  const unique = sizes.find(({ size }) => size === 1)?.classes ?? 0;
  if (population <= units || unique === 0) {
    const share = units === 0 ? 0 : unique / units;
    return { pitman: share, zayatz: share, snb: share, dankar: share };
  }
  const estimates = {
    pitman: pitmanUniqueness(sizes, population),
    zayatz: zayatzUniqueness(sizes, population),
    snb: snbUniqueness(sizes, population),
  };
  const { pitman, zayatz, snb } = estimates;
  const larger = zayatz === null || snb === null ? (zayatz ?? snb) : Math.min(zayatz, snb);
  return { ...estimates, dankar: units / population <= SMALL_SAMPLE + 1e-12 ? (pitman ?? zayatz) : larger };
}
