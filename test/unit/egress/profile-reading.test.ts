import { describe, expect, test } from 'vitest';
import { profileCatalogue } from '../../../src/catalog/profiles/profile-catalogue.ts';
import { coverageFindings, uncoveredChecks } from '../../../src/egress/check-coverage.ts';
import { criteriaOf } from '../../../src/egress/content-criteria.ts';
import { publicSourceCriteria } from '../../../src/egress/exemption.ts';
import { egressProfileOf } from '../../../src/egress/profile-reading.ts';
import { value } from '../../support/operations-instance.ts';

const catalogue = profileCatalogue();
const of = (id: string) => egressProfileOf(value(catalogue.resolve(id)));

describe('egress rules of the five cities', () => {
  /** By hand from requirements.md §4.3. A city without a word on filing keeps the strictest: a receipt. */
  test.each([
    ['GZ', 'operator_check supervisor_filing', true],
    ['NB', 'authority_expert_review supervisor_filing', false],
    ['QY', 'secrecy_review risk_assessment supervisor_filing', false],
    ['QZ', 'operator_check supervisor_filing', false],
    ['CQ', 'security_review business_compliance_review supervisor_filing', false],
  ])('%s: %s', (id, chain, isExempt) => {
    const profile = of(id);
    expect([profile.approvers.join(' '), profile.publicSourceExempt]).toEqual([chain, isExempt]);
    expect(profile.checkDomains).toHaveLength(4);
  });

  test('kinds: components in Chongqing, business services in Ningbo, indicators in neither', () => {
    expect(of('CQ').productKinds).toContain('component');
    expect(of('NB').productKinds).toContain('business_service');
    for (const id of ['CQ', 'NB']) expect(of(id).productKinds).not.toContain('indicator');
    for (const id of catalogue.ids) expect(of(id).productKinds).toContain('verification');
  });

  test('an unknown step stops the start', () => {
    const resolved = value(catalogue.resolve('GZ'));
    const approvers = { ...resolved.rules['egress.approvers'], value: ['operator_check', 'rubber_stamp'] };
    expect(() => egressProfileOf({ ...resolved, rules: { ...resolved.rules, 'egress.approvers': approvers } })).toThrow('unknown step');
  });
});

describe('the exemption for lawfully public data', () => {
  const proof = { legalBasis: '企业信息公示暂行条例', evidenceDigest: 'a'.repeat(64), confirmedBy: 'market-office' };

  test('needs the profile and the whole proof', () => {
    expect(publicSourceCriteria({ publicSourceExempt: true }, proof)).toEqual(['public-source']);
    expect(publicSourceCriteria({ publicSourceExempt: false }, proof)).toEqual([]);
    expect(publicSourceCriteria({ publicSourceExempt: true }, undefined)).toEqual([]);
    for (const gap of [{ legalBasis: ' ' }, { evidenceDigest: 'a' }, { confirmedBy: '' }])
      expect(publicSourceCriteria({ publicSourceExempt: true }, { ...proof, ...gap })).toEqual([]);
  });

  test('takes the place of raw match, masking and reversibility, and of nothing else', () => {
    expect(uncoveredChecks('masked_dataset', ['public-source'])).toEqual(['P', 'S', 'D', 'L']);
    expect(uncoveredChecks('masked_dataset', [])).toEqual(['P', 'S', 'X', 'M', 'D', 'R', 'L']);
  });
});

test('a required check that nobody carried out is a hard finding; names it does not know cover nothing', () => {
  const findings = coverageFindings('report', ['grant-scope', 'canonical-writers', 'units', 'release-ledger', 'raw-match-later']);
  expect(findings.map((item) => [item.check, item.severity])).toEqual([
    ['X', 'hard'],
    ['M', 'hard'],
    ['R', 'hard'],
  ]);
});

describe('the rules behind a content cover every check its kind requires', () => {
  /** Which check stands open when a rule is taken away, by hand from requirements.md §10.3. */
  const NEEDED = {
    'exact-withheld': { 'grant-scope': 'P', units: 'K', 'aggregates-only': 'X M R', 'release-ledger': 'D L' },
    dp: { 'grant-scope': 'P', 'discrete-noise': 'X M R', 'contribution-bounds': 'K', 'privacy-budget': 'D L' },
  } as const;

  test.each(['exact-withheld', 'dp'] as const)('an indicator or a report in mode %s', (mode) => {
    const rules = criteriaOf(mode);
    expect(uncoveredChecks('indicator', rules)).toEqual([]);
    expect(uncoveredChecks('report', rules)).toEqual([]);
    for (const [rule, checks] of Object.entries(NEEDED[mode])) {
      const open = uncoveredChecks(
        'report',
        rules.filter((name) => name !== rule),
      );
      expect([rule, open.join(' ')]).toEqual([rule, checks]);
    }
  });

  test('noise alone does not bound what releases say together, and a budget alone is no noise', () => {
    const bare = ['grant-scope', 'canonical-writers', 'result-format'];
    expect(uncoveredChecks('report', [...bare, 'discrete-noise'])).toEqual(['K', 'D', 'L']);
    expect(uncoveredChecks('report', [...bare, 'privacy-budget'])).toEqual(['X', 'M', 'K', 'R']);
  });

  test('a fitted model leaves as a model, and lacks what an indicator needs', () => {
    expect(uncoveredChecks('model_algorithm', criteriaOf('fit'))).toEqual([]);
    expect(uncoveredChecks('model_algorithm', [])).not.toEqual([]);
  });
});
