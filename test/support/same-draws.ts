import fc from 'fast-check';
import { expect } from 'vitest';
import { DRAWN_FROM, drawFor } from './same-rng.ts';

/**
 * Property tests draw the same cases in every run, so that what is green stays green until something changes; others with FC_SEED, any with
 * FC_SEED=random. Tests with a seed of their own keep it. So do the instances of tests (`same-rng.ts`).
 */
if (DRAWN_FROM !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(DRAWN_FROM) });
drawFor(expect.getState().testPath);
