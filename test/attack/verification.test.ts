import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codes } from '../support/operations-instance.ts';
import { done, person, type RealPeople, realPeople } from '../support/real-people.ts';
import { CLINIC } from '../support/served-clinic.ts';

/** Verification against the real enclave: what it answers, and how it is not made to list people. */
const MERCHANT = person('merchant-a');
const DIAGNOSES = ['感冒', '高血压', '糖尿病'];
/** Resident ids far apart: another area and birthday for each. */
const idOf = (at: number): string => `${440100 + at}19${String(50 + (at % 45))}0${1 + (at % 9)}1${at % 10}001${at % 10}`;
const PEOPLE = Array.from({ length: 200 }, (_unused, at) => ({ id: idOf(at), diagnosis: DIAGNOSES[at % 3] ?? '' }));
const csv = [
  'resident_id,name,district,village,birth_date,income,diagnosis',
  ...PEOPLE.map(({ id, diagnosis }, at) => `${id},N${at},东区,村1,1970-01-01,${at === 7 ? '' : '100.00'},${diagnosis}`),
  '',
].join('\n');

let people: RealPeople;
let service = '';
beforeAll(async () => {
  const { tables } = CLINIC;
  const residents = {
    ...tables.residents,
    columns: { ...tables.residents.columns, income: { ...tables.residents.columns.income, nullable: true } },
  };
  people = await realPeople({ ...CLINIC, tables: { residents } }, { 'residents.csv': csv });
  service = await released('diagnosis');
}, 120_000);
afterAll(() => people.close());

async function released(compareColumn: string | null, merchant = MERCHANT): Promise<string> {
  const { operations } = people;
  const service = {
    dataset: 'clinic',
    table: 'residents',
    keyColumn: 'resident_id',
    compareColumn,
    basis: { kind: 'consent', reference: 'consent form 2026-3' },
    batchMinimum: 20,
    keysPerDay: 90,
  } as const;
  const { id, state } = done(await operations.createVerification(merchant, service));
  expect(state).toBe('REVIEW');
  done(await operations.approve(person('operator-1'), { id, reason: 'consent seen' }));
  done(await operations.approve(person('operator-2'), { id, reason: 'consent seen' }));
  done(await operations.file(person('supervisor-1'), { id, receipt: 'FILING-2026-0011' }));
  return done(await operations.release(person('operator-1'), id)).id;
}

const ask = (items: readonly { readonly key: string; readonly claim?: string }[], id = service, reference = 'consent form 2026-3') =>
  people.operations.verifyKeys(MERCHANT, { id, reference, items });
const truth = (from: number, count: number) => PEOPLE.slice(from, from + count).map(({ id, diagnosis }) => ({ key: id, claim: diagnosis }));

describe('verification', () => {
  test('says yes, no or unknown, in the order asked, and nothing else', async () => {
    const items = truth(0, 20).map((item, at) => (at % 2 === 0 ? item : { ...item, claim: DIAGNOSES[(at + 1) % 3] ?? '' }));
    const strangers = [300, 301].map((at) => ({ key: idOf(at), claim: '感冒' }));
    const { answers } = done(await ask([...items, ...strangers]));
    expect(answers).toEqual([...items.map((_item, at) => (at % 2 === 0 ? 'yes' : 'no')), 'unknown', 'unknown']);
  });

  test.each<[string, readonly { readonly key: string; readonly claim?: string }[], string]>([
    ['one person alone', truth(30, 1), 'product.batch_refused'],
    ['one key twice', [...truth(30, 20), ...truth(30, 1)], 'product.batch_refused'],
    [
      'a run of numbers',
      [...truth(30, 14), ...[1, 2, 3, 4, 5, 6].map((at) => ({ key: `44010219500101${at}00X`, claim: 'x' }))],
      'product.batch_refused',
    ],
    ['no claims', truth(30, 20).map(({ key }) => ({ key })), 'product.claims'],
    ['guessed keys', Array.from({ length: 20 }, (_unused, at) => ({ key: idOf(400 + at), claim: '感冒' })), 'product.not_answered'],
  ])('does not answer %s', async (_name, items, code) => {
    expect(codes(await ask(items))).toEqual([code]);
  });

  test('does not answer without a basis, nor anybody else', async () => {
    expect(codes(await ask(truth(60, 20), service, ' '))).toEqual(['egress.reason_missing']);
    const stranger = { ...MERCHANT, id: 'merchant-b', organisation: 'merchant-b-co' };
    const asked = await people.operations.verifyKeys(stranger, { id: service, reference: 'r', items: truth(60, 20) });
    expect(codes(asked)).toEqual(['access.not_found']);
  });

  test('does not let a value be searched for by asking again and again, through whichever service', async () => {
    const again = await released('diagnosis');
    const claims = DIAGNOSES.map((claim) => truth(100, 20).map((item) => ({ ...item, claim })));
    const asked = [];
    for (const [at, items] of [...claims, ...claims].entries()) asked.push(codes(await ask(items, at % 2 === 0 ? service : again)));
    expect(asked.slice(0, 3)).toEqual([[], [], []]);
    expect(asked.slice(3).flat()).toEqual(Array(3).fill('product.batch_refused'));
  });

  test('nor by sharing the questions out over affiliates, sisters of one parent included', async () => {
    const { operations } = people;
    const sister = { ...MERCHANT, id: 'merchant-b', organisation: 'merchant-b-co' };
    const grant = {
      merchant: sister.id,
      dataset: 'clinic',
      scenario: 'verification',
      tables: { residents: '*' as const },
      endsOn: '2099-12-31',
    };
    done(await operations.createGrant(person('operator-1'), grant));
    const [mine, hers] = [await released('diagnosis'), await released('diagnosis', sister)];
    const batch = DIAGNOSES.map((claim) => truth(140, 20).map((item) => ({ ...item, claim })));
    for (const items of batch) expect(codes(await ask(items, mine))).toEqual([]);
    const asHer = (items: (typeof batch)[number]) => operations.verifyKeys(sister, { id: hers, reference: 'consent form 2026-3', items });
    const [first = [], second = []] = batch;
    expect(codes(await asHer(first))).toEqual([]); // nobody said that they belong together
    for (const organisation of [MERCHANT.organisation, sister.organisation])
      done(await operations.declareAffiliation(person('operator-1'), { organisation, affiliate: 'parent-co', reason: 'one group' }));
    expect(codes(await asHer(second))).toEqual(['product.batch_refused']);
  });

  test('keeps no key and no claim where it can be read', async () => {
    const log = JSON.stringify(done(await people.operations.auditEntries(person('auditor-1'), { after: 0, limit: 1000 })));
    expect(log).toContain('verification.ask');
    for (const { id } of PEOPLE) expect(log).not.toContain(id);
    for (const word of DIAGNOSES) expect(log).not.toContain(word);
  });

  test('counts keys against the day', async () => {
    const fresh = await released(null);
    const known = (from: number, count: number) => truth(from, count).map(({ key }) => ({ key }));
    expect(done(await ask(known(120, 40), fresh)).answers.every((answer) => answer === 'yes')).toBe(true);
    expect((await ask(known(160, 40), fresh)).ok).toBe(true);
    expect(codes(await ask(known(0, 20), fresh))).toEqual(['product.quota']);
  });
});
