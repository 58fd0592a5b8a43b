import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import signatures from '../../../../src/catalog/profiles/layers/signatures.json' with { type: 'json' };
import { mergeProfiles } from '../../../../src/catalog/profiles/merge-profiles.ts';
import {
  profileCatalogue,
  ruleNumber,
  ruleWords,
  SHIPPED_DIGESTS,
  shippedLayers,
} from '../../../../src/catalog/profiles/profile-catalogue.ts';
import { PROFILE_KEYS, type ProfileKey, type ProfileKeyName, type ProfileValue } from '../../../../src/catalog/profiles/profile-keys.ts';
import { layerReference, type ProfileLayer, readLayer } from '../../../../src/catalog/profiles/profile-layer.ts';
import { readSignedLayer } from '../../../../src/catalog/profiles/profile-signature.ts';
import { type ResolvedProfile, resolveProfile } from '../../../../src/catalog/profiles/resolve-profile.ts';
import { isAtLeastAsStrict, isSameValue, strictestOf } from '../../../../src/catalog/profiles/strictness.ts';
import { canonicalJson } from '../../../../src/kernel/canonical-json.ts';

const CATALOGUE = profileCatalogue();
const CITIES = ['GZ', 'NB', 'QY', 'QZ', 'CQ'] as const;
const KEYS = Object.entries(PROFILE_KEYS) as [ProfileKeyName, ProfileKey][];
const LAYERS = shippedLayers();
const FLOOR = LAYERS.find((layer) => layer.level === 'floor') as ProfileLayer;

function city(id: string): ResolvedProfile {
  const resolved = CATALOGUE.resolve(id);
  if (!resolved.ok) throw new Error(resolved.error.map((item) => item.code).join());
  return resolved.value;
}

function anyValueOf(key: ProfileKey): fc.Arbitrary<ProfileValue> {
  switch (key.kind) {
    case 'number':
      return fc.nat(50);
    case 'flag':
      return fc.boolean();
    case 'word':
      return fc.constantFrom(...(key.words ?? []));
    case 'words':
      return fc.subarray([...(key.words ?? [])]);
  }
}

const SHARED = KEYS.filter(([, key]) => key.rule !== 'perCity');
const keyAndValues = (count: number) =>
  fc
    .constantFrom(...SHARED)
    .chain(([, key]) => fc.tuple(fc.constant(key), fc.array(anyValueOf(key), { minLength: count, maxLength: count })));

describe('the five cities', () => {
  test('are all there, with the drafts marked as drafts', () => {
    expect(CATALOGUE.ids).toEqual([...CITIES]);
    expect(CITIES.filter((id) => city(id).draft)).toEqual(['GZ', 'CQ']);
  });

  test('every value of a city names the article it comes from', () => {
    for (const layer of LAYERS.filter((item) => item.level === 'city')) {
      for (const [key, rule] of Object.entries(layer.values)) {
        expect([key, rule.source]).toEqual([key, expect.stringMatching(/^(GZ|NB|QY|QZ|CQ-REG|CQ-OP)-\d[\d.]*[a-f]?$|^notice$/)]);
      }
    }
  });

  test.each([
    ['GZ', 'onboarding.decision_wd', 5, 'GZ-14b'],
    ['GZ', 'appeal.authority_wd', 30, 'GZ-35d'],
    ['GZ', 'raw_export.public_source_exempt', true, 'GZ-28c'],
    ['NB', 'sandbox.trial_max_months', 6, 'NB-12b'],
    ['NB', 'term.max_years', 3, 'NB-16'],
    ['NB', 'authorisation.decision_body', ['coordination_mechanism', 'leading_group'], 'NB-15a'],
    ['QY', 'share.reply_wd', 2, 'QY-24b'],
    ['QZ', 'logs.audit_retention_months', 36, 'QZ-3.1.8b'],
    ['CQ', 'registration.renew_window_days', 60, 'CQ-REG-18a'],
    ['CQ', 'filing.agreement_wd', 5, 'CQ-OP-17'],
  ] as const)('%s %s is %j by %s', (id, key, value, source) => {
    expect(city(id).rules[key]).toMatchObject({ value, source });
  });

  test('what a city leaves open is the default of the project, and k is never under the floor', () => {
    expect(city('QZ').rules['appeal.supervisor_wd']).toMatchObject({ value: 15, decidedBy: 'project-default' });
    for (const id of CITIES) {
      expect(city(id).rules['egress.aggregation_k']).toMatchObject({ value: 10, decidedBy: 'project-default' });
      expect(city(id).rules['timeouts.approve'].value).toBe(false);
      expect(city(id).rules['egress.approvers_needed'].value).toBe(2);
    }
  });

  test('speak in their own words', () => {
    expect(city('GZ').words.roles['OPR']).toBe('公共数据运营机构');
    expect(city('CQ').words.roles['MER']).toBe('运营机构');
  });

  test('read as numbers and words', () => {
    expect(ruleNumber(city('NB'), 'term.max_years')).toBe(3);
    expect(ruleNumber(city('GZ'), 'term.max_years')).toBeNull();
    expect(ruleWords(city('CQ'), 'termination.grounds')).toHaveLength(7);
    expect(ruleWords(city('CQ'), 'trade.venue')).toEqual(['mandatory']);
  });
});

describe('a merge', () => {
  test('takes protection at its strictest, approvals together and products in common', () => {
    const both = mergeProfiles([city('GZ'), city('NB')]);
    expect(both.rules['subject.gate']).toMatchObject({ value: ['mask_or_consent', 'consent'] });
    expect(both.rules['egress.approvers']).toMatchObject({ value: ['operator_check', 'supervisor_filing', 'authority_expert_review'] });
    expect(both.rules['egress.product_kinds']).toMatchObject({ value: ['masked_dataset', 'api', 'report', 'model_algorithm', 'service'] });
    expect(both.rules['raw_export.public_source_exempt']).toMatchObject({ value: false });
    expect(both.rules['price.industry']).toEqual({ kind: 'perCity', values: { GZ: 'conditionally_paid', NB: 'compute_cost_borne' } });
    expect(both.draft).toBe(true);
  });

  test('is the same in any order, and at least as strict as every part', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...CITIES], { minLength: 1 }), (ids) => {
        const merged = mergeProfiles(ids.map(city));
        expect(mergeProfiles([...ids, ...ids.toReversed()].map(city))).toEqual(merged);
        for (const [name, key] of SHARED) {
          const rule = merged.rules[name];
          if (rule.kind !== 'merged') throw new Error('not merged');
          for (const id of ids) expect(isAtLeastAsStrict(key, rule.value, city(id).rules[name].value)).toBe(true);
        }
      }),
    );
  });

  test('needs a city', () => expect(() => mergeProfiles([])).toThrow(RangeError));
});

describe('strictness is a semilattice', () => {
  test('commutative, associative, idempotent, and an upper bound of both', () => {
    fc.assert(
      fc.property(keyAndValues(3), ([key, [a = null, b = null, c = null]]) => {
        const join = (x: ProfileValue | null, y: ProfileValue | null) => strictestOf(key, x, y);
        expect(isSameValue(join(a, b), join(b, a))).toBe(true);
        expect(isSameValue(join(a, join(b, c)), join(join(a, b), c))).toBe(true);
        expect(isSameValue(join(a, a), a)).toBe(true);
        expect(isAtLeastAsStrict(key, join(a, b), a)).toBe(true);
        expect(isAtLeastAsStrict(key, a, null)).toBe(true);
      }),
    );
  });

  test('more layers never make a rule less strict', () => {
    fc.assert(
      fc.property(keyAndValues(3), ([key, [a = null, b = null, c = null]]) => {
        if (isAtLeastAsStrict(key, a, b)) expect(isAtLeastAsStrict(key, strictestOf(key, a, c), strictestOf(key, b, c))).toBe(true);
      }),
    );
  });
});

const layer = (
  level: ProfileLayer['level'],
  parent: string,
  values: Record<string, ProfileValue>,
  more: Partial<ProfileLayer> = {},
): ProfileLayer => ({
  id: `the-${level}`,
  level,
  version: '1',
  title: { zh: '层', en: 'Layer' },
  parent,
  text: { title: 'text' },
  values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value, source: 'NB-16' }])),
  mayLoosen: {},
  words: { roles: {}, documents: {} },
  ...more,
});

describe('layers', () => {
  const codesOf = (chain: readonly ProfileLayer[]) => {
    const resolved = resolveProfile(chain);
    return resolved.ok ? [] : resolved.error.map((item) => [item.code, item.facts['key']]);
  };

  test('no layer goes below the floor, whatever the ones above permit', () => {
    const nation = layer(
      'national',
      'system-floor',
      {},
      { mayLoosen: { 'egress.aggregation_k': 'x', 'egress.approvers_needed': 'x', 'timeouts.approve': 'x' } },
    );
    const town = layer('city', 'the-national', { 'egress.aggregation_k': 4, 'egress.approvers_needed': 1, 'timeouts.approve': true });
    expect(codesOf([FLOOR, nation, town])).toEqual([
      ['profile.loosens', 'egress.approvers_needed'],
      ['profile.loosens', 'egress.aggregation_k'],
      ['profile.loosens', 'timeouts.approve'],
    ]);
  });

  test('any chain that resolves is at least as strict as the floor in everything the floor says', () => {
    const values = fc
      .subarray(KEYS.map(([name]) => name))
      .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, anyValueOf(PROFILE_KEYS[name])]))));
    const loosen = fc.subarray(KEYS.map(([name]) => name)).map((names) => Object.fromEntries(names.map((name) => [name, 'text'])));
    fc.assert(
      fc.property(values, values, loosen, (above, below, mayLoosen) => {
        const chain = [FLOOR, layer('national', 'system-floor', above, { mayLoosen }), layer('city', 'the-national', below)];
        const resolved = resolveProfile(chain);
        for (const [name, key] of KEYS) {
          const floor = FLOOR.values[name]?.value ?? null;
          const asked = [above[name], below[name]].filter((value) => value !== undefined);
          const fits = asked.every((value) => isAtLeastAsStrict(key, value, floor));
          if (!resolved.ok) continue;
          expect(fits).toBe(true);
          expect(isAtLeastAsStrict(key, resolved.value.rules[name].value, floor)).toBe(true);
          // Nothing is loosened that nobody above permits.
          if (key.rule !== 'perCity' && above[name] !== undefined && !Object.hasOwn(mayLoosen, name)) {
            expect(isAtLeastAsStrict(key, resolved.value.rules[name].value, above[name])).toBe(true);
          }
        }
      }),
    );
  });

  test('a lower layer tightens, fills gaps, and loosens only what is permitted', () => {
    const nation = layer(
      'national',
      'system-floor',
      { 'term.max_years': 5, 'trade.venue': 'mandatory' },
      { mayLoosen: { 'trade.venue': 'NB-28' } },
    );
    const town = layer('city', 'the-national', { 'term.max_years': 3, 'trade.venue': 'allowed', 'quality.ticket_wd': 4 });
    const resolved = resolveProfile([FLOOR, nation, town]);
    if (!resolved.ok) throw new Error('refused');
    expect(resolved.value.rules['term.max_years']).toMatchObject({ value: 3, decidedBy: 'the-city@1' });
    expect(resolved.value.rules['trade.venue'].steps.map((step) => step.effect)).toEqual(['replaced', 'allowed']);
    expect(codesOf([FLOOR, nation, layer('city', 'the-national', { 'term.max_years': 6 })])).toEqual([
      ['profile.loosens', 'term.max_years'],
    ]);
  });

  test('a district needs a city that permits it', () => {
    const chain = (id: string) => {
      const chosen = LAYERS.find((item) => item.id === id) as ProfileLayer;
      const above = LAYERS.find((item) => item.id === chosen.parent) as ProfileLayer;
      const nation = LAYERS.find((item) => item.id === 'national') as ProfileLayer;
      return [FLOOR, nation, ...(above === nation ? [] : [above]), chosen, layer('district', id, { 'onboarding.decision_wd': 4 })];
    };
    expect(codesOf(chain('GZ'))).toEqual([]);
    expect(codesOf(chain('CQ'))).toEqual([['profile.loosens', 'meta.district_override']]);
  });

  test.each([
    ['without a floor', [layer('city', 'national', {})]],
    ['out of order', [FLOOR, layer('city', 'system-floor', {}), layer('province', 'the-city', {})]],
    ['of strangers', [FLOOR, layer('city', 'somewhere', {})]],
    ['of none', []],
  ])('a chain %s is refused', (_name, chain) => {
    expect(codesOf(chain)).toEqual([['profile.invalid', undefined]]);
  });
});

describe('files', () => {
  const good = JSON.parse(JSON.stringify(LAYERS.find((item) => item.id === 'NB'))) as Record<string, unknown>;

  test.each([
    ['an unknown field', { ...good, surprise: 1 }],
    ['an unknown key', { ...good, values: { 'egress.surprise': { value: 1, source: 'x' } } }],
    ['an unknown word', { ...good, values: { 'trade.venue': { value: 'sometimes', source: 'x' } } }],
    ['a value of another kind', { ...good, values: { 'term.max_years': { value: '3', source: 'x' } } }],
    ['a number below zero', { ...good, values: { 'term.max_years': { value: -3, source: 'x' } } }],
    ['a value without a source', { ...good, values: { 'term.max_years': { value: 3 } } }],
    ['a floor that may be lowered', { ...good, level: 'floor', parent: null, mayLoosen: { 'logs.audit': 'x' } }],
    ['a city without a parent', { ...good, parent: null }],
    ['nothing', null],
  ])('with %s are refused', (_name, content) => {
    const read = readLayer(content);
    expect(read.ok ? [] : read.error.map((item) => item.code)).toContain('profile.invalid');
  });

  test('a shipped version that was changed in place does not start', () => {
    expect(Object.keys(SHIPPED_DIGESTS).sort()).toEqual(LAYERS.map(layerReference).sort());
    expect(() => shippedLayers([{ ...good, title: { zh: '宁波', en: 'Elsewhere' } }])).toThrow('was changed');
    // Without its signature, and with that of another layer.
    expect(() => shippedLayers([good], {})).toThrow('is not signed');
    expect(() => shippedLayers([good], { [`${good['id']}@${good['version']}`]: signatures['fujian@1'] })).toThrow('is not signed');
  });

  test('from elsewhere are read when the authority signed exactly this', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const signature = sign(null, Buffer.from(canonicalJson(good)), privateKey).toString('base64');
    expect(readSignedLayer({ layer: good, signature }, pem)).toMatchObject({ ok: true });
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
    for (const [content, key] of [
      [{ layer: { ...good, version: '9' }, signature }, pem],
      [{ layer: good, signature }, other],
      [{ layer: good, signature: '' }, pem],
      [{ layer: good }, pem],
      [good, pem],
      [null, pem],
      [{ layer: good, signature }, 'no key'],
    ] as const) {
      const read = readSignedLayer(content, key);
      expect(read.ok ? [] : read.error.map((item) => item.code)).toEqual(['profile.signature']);
    }
  });

  test('a catalogue does not know what it was not given', () => {
    expect(CATALOGUE.resolve('XX')).toMatchObject({ ok: false, error: [{ code: 'profile.unknown' }] });
    expect(CATALOGUE.resolve('national').ok).toBe(false);
  });
});
