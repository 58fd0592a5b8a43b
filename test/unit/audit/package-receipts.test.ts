import { describe, expect, test } from 'vitest';
import { areApproved, namedChain, type ReceiptVerification } from '../../../src/audit/package-receipts.ts';

const vote = (by: string, step: string | null): ReceiptVerification => ({
  name: `${by}.tlog-proof`,
  fault: null,
  entry: { seq: 1, by, at: '', step },
});
const chain = (...steps: readonly (readonly [string, ...string[]])[]) => steps.map(([step, ...people]) => ({ step, people }));
const TWO = chain(['operator_check', 'anna', 'bert'], ['supervisor_filing']);

describe('approvals of a package are enough', () => {
  test('where everyone of the chain is proved at his step, and two voted', () => {
    expect(areApproved([vote('anna', 'operator_check'), vote('bert', 'operator_check')], TWO)).toBe(true);
    const assessed = chain(['security_review', 'anna'], ['business_compliance_review', 'bert'], ['risk_assessment', 'carl']);
    const votes = [vote('anna', 'security_review'), vote('bert', 'business_compliance_review')];
    expect(areApproved([...votes, vote('carl', null)], assessed)).toBe(true);
    expect(areApproved(votes, assessed)).toBe(false);
  });

  test.each([
    ['one of two', [vote('anna', 'operator_check')], TWO],
    ['one person twice', [vote('anna', 'operator_check'), vote('anna', 'operator_check')], TWO],
    [
      'a person of the chain without proof, though two others have one',
      [vote('anna', 'operator_check'), vote('carl', 'operator_check')],
      TWO,
    ],
    ['a vote at another step', [vote('anna', 'operator_check'), vote('bert', 'security_review')], TWO],
    ['a chain of one', [vote('anna', 'operator_check')], chain(['operator_check', 'anna'])],
    ['an assessment is no vote', [vote('anna', 'operator_check'), vote('bert', null)], chain(['operator_check', 'anna'])],
    ['an assessment in the place of a vote', [vote('anna', 'operator_check'), vote('carl', 'operator_check'), vote('bert', null)], TWO],
    ['a receipt that does not verify', [vote('anna', 'operator_check'), { name: 'x', fault: 'not-included', entry: null } as const], TWO],
    ['no chain', [vote('anna', 'operator_check'), vote('bert', 'operator_check')], null],
    ['no receipts', [], []],
  ])('not: %s', (_name, checked, named) => {
    expect(areApproved(checked, named)).toBe(false);
  });
});

test.each(['', '{', '[]', '{"chain":{}}', '{"chain":[{"step":"x"}]}', '{"chain":[{"step":"x","people":[1]}]}', '{"chain":[null]}'])(
  'a record that names no chain reads as none: %s',
  (text) => expect(namedChain(Buffer.from(text))).toBeNull(),
);
