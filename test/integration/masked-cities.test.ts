import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cityRules } from '../../src/instance/city-rules.ts';
import { openWard, type Ward, wardRows } from '../support/masked-ward.ts';
import { person } from '../support/real-people.ts';

// By hand from requirements.md §4.3 (`subject.gate`): Ningbo asks for consent, the others do not where rows are masked.
test.each([
  ['GZ', false],
  ['NB', true],
  ['QY', false],
  ['QZ', false],
  ['CQ', false],
  [null, false],
] as const)('%s asks for consent: %s', (city, needsConsent) => {
  expect(cityRules({ city, k: 10, simulationAccess: 'agreed' }).maskingRules).toEqual({ acceptedRisk: 0.05, needsConsent });
});

describe('under the rules of a city that asks for consent', () => {
  let ward: Ward;
  beforeAll(async () => {
    ward = await openWard(wardRows(0, 100), { SLUICE_CITY: 'NB' });
    await ward.agree();
  }, 120_000);
  afterAll(() => ward.close());

  test('masked rows of everybody are refused, whatever k', async () => {
    const spec = { dataset: 'ward', table: 'patients', k: 90, wishes: [], suppress: 0, algorithm: 'lattice' } as const;
    const asked = await ward.instance.operations.maskDataset(person('merchant-a'), { ...spec, basis: 'mask' });
    expect(asked.ok ? [] : asked.error.map(({ code }) => code)).toEqual(['masking.needs_consent']);
    expect((await ward.instance.operations.maskDataset(person('merchant-a'), { ...spec, basis: 'consent' })).ok).toBe(true);
  });
});
