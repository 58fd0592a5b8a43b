import fc from 'fast-check';

/**
 * Property tests draw the same cases in every run, so that what is green stays green until something changes; others with FC_SEED, any with
 * FC_SEED=random. Tests with a seed of their own keep it.
 */
const SEED = process.env['FC_SEED'] ?? '20261123';
if (SEED !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(SEED) });
