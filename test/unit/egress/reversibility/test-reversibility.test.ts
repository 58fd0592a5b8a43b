import { createHash, createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countResidentIds } from '../../../../src/egress/reversibility/id-candidates.ts';
import { type ProtectedColumn, type TestedColumn, testReversibility } from '../../../../src/egress/reversibility/test-reversibility.ts';
import { isResidentId, makeResidentId } from '../../../../src/identifiers/resident-id.ts';

const ROWS = 120;
const rows = Array.from({ length: ROWS }, (_, at) => at);
const noise = (at: number, seed = 1): number => createHash('sha256').update(`${seed}|${at}`).digest().readUInt32BE() / 2 ** 32;
const INCOME = rows.map((at) => (3000 + Math.floor(noise(at) * 9_000_000) / 100).toFixed(2));
const MOBILES = rows.map((at) => `1${[3, 5, 7, 8, 9][at % 5]}${String(Math.floor(noise(at, 2) * 1e9)).padStart(9, '0')}`);
const BIRTHS = rows.map((at) => new Date(Date.UTC(1950, 0, 1) + Math.floor(noise(at, 3) * 18_000) * 86_400_000).toISOString().slice(0, 10));
const IDS = rows.map((at) => makeResidentId({ region: '110105', birthDate: BIRTHS[at] ?? '', sequence: Math.floor(noise(at, 4) * 1000) }));
const DISTRICTS = rows.map((at) => ['甲区', '乙区', '丙区', '丁区', '戊区'][Math.floor(noise(at, 5) * 5)] ?? '');

const income: ProtectedColumn = { name: 'income', cells: INCOME };
const phone: ProtectedColumn = { name: 'phone', cells: MOBILES, kind: 'mobile' };
const id: ProtectedColumn = { name: 'id', cells: IDS, kind: 'residentId' };
const birth: ProtectedColumn = { name: 'birth', cells: BIRTHS, kind: 'date' };
const district: ProtectedColumn = { name: 'district', cells: DISTRICTS };

const against = (original: ProtectedColumn, cells: readonly string[], more: readonly TestedColumn[] = []) =>
  testReversibility({
    protectedColumns: [original],
    original: [original],
    released: [{ name: 'out', cells }, ...more],
    earlier: [],
    k: 10,
  });
const found = (report: ReturnType<typeof against>) => report.findings.filter((finding) => finding.result !== 'notFound');
const hashed = (algorithm: string) => (text: string) => createHash(algorithm).update(text).digest('hex');
const hex = (text: string) => Buffer.from(text).toString('hex');

describe('what can be restored is reversible', () => {
  test.each<readonly [string, ProtectedColumn, (text: string, at: number) => string]>([
    ['identity', income, (text) => text],
    ['affine', income, (text) => String(Number(text) * 1.37 + 11)],
    ['affine', income, (text) => (Number(text) * -2.5 + 7).toFixed(3)],
    ['log', income, (text) => String(Math.log(Number(text)))],
    ['square root', income, (text) => String(Math.sqrt(Number(text)))],
    ['reciprocal', income, (text) => String(1 / Number(text))],
    ['order-preserving', income, (text) => String(Math.atan(Number(text) / 40_000))],
    ['base64', phone, (text) => Buffer.from(text).toString('base64')],
    ['hex', phone, hex],
    ['base64, gzip', phone, (text) => gzipSync(text).toString('base64')],
    ['url', phone, (text) => [...text].map((sign) => `%${hex(sign)}`).join('')],
    ['reversed', phone, (text) => [...text].reverse().join('')],
    ['shift', phone, (text) => [...text].map((sign) => (Number(sign) + 3) % 10).join('')],
    ['hex, xor', phone, (text) => hex([...text].map((sign) => String.fromCharCode(sign.charCodeAt(0) ^ 0x5a)).join(''))],
    ['xor', phone, (text) => String(BigInt(text) ^ 0x1234_5678n)],
    ['affine', phone, (text) => String(BigInt(text) * 7n + 1n)],
    ['hash md5', phone, hashed('md5')],
    ['hash sha1', phone, hashed('sha1')],
    ['hash sha256', phone, hashed('sha256')],
    ['hash sm3', phone, hashed('sm3')],
    ['hash sha256, capitals', id, (text) => hashed('sha256')(text).toUpperCase()],
    ['hash md5, cut', id, (text) => hashed('md5')(text).slice(0, 16)],
    ['hash sha256, base64', phone, (text) => createHash('sha256').update(text).digest('base64')],
    ['hash md5, with a newline', phone, (text) => hashed('md5')(`${text}\n`)],
    ['date shift', birth, (text) => new Date(Date.parse(text) + 17 * 86_400_000).toISOString().slice(0, 10)],
    ['affine', birth, (text) => String(Date.parse(text) / 1000)],
  ])('%s', (name, original, change) => {
    const report = against(
      original,
      original.cells.map((text, at) => change(text ?? '', at)),
    );
    expect(report.verdict).toBe('reversible');
    expect(found(report).map((finding) => finding.test)).toContain(name);
  });

  test('a digest needs no matching rows', () => {
    const cells = MOBILES.slice(0, 50).map(hashed('sm3')).toSorted();
    expect(against(phone, cells).verdict).toBe('reversible');
  });
});

describe('what cannot is not found', () => {
  test.each<readonly [string, ProtectedColumn, (text: string, at: number) => string]>([
    ['keyed digests', phone, (text) => createHmac('sha256', 'a key of 32 bytes that nobody knows').update(text).digest('hex')],
    ['random tokens', id, (_, at) => hashed('sha256')(`${noise(at, 9)}`).slice(0, 24)],
    ['large noise', income, (text, at) => String(Number(text) + (noise(at, 7) - 0.5) * 200_000)],
    ['shuffled values', income, (_, at) => INCOME[(at * 53 + 17) % ROWS] ?? ''],
    ['a constant', phone, () => '***********'],
    ['districts at random', district, (_, at) => DISTRICTS[(at * 71 + 5) % ROWS] ?? ''],
    ['coarse classes', income, (text) => String(Math.floor(Number(text) / 30_000) * 30_000)],
  ])('%s', (_, original, change) => {
    const report = against(
      original,
      original.cells.map((text, at) => change(text ?? '', at)),
    );
    expect(found(report)).toEqual([]);
    expect(report.verdict).toBe('notFound');
    expect(report.findings.length).toBeGreaterThan(0);
  });
});

describe('what comes back in part', () => {
  test('a recoding keeps who is alike', () => {
    const report = against(
      district,
      DISTRICTS.map((text) => `T${text.charCodeAt(0) % 97}`),
    );
    expect(report.findings).toContainEqual(expect.objectContaining({ test: 'one-to-one map', result: 'partly', value: 1 }));
    expect(report.verdict).not.toBe('notFound');
  });
  test('a mask of a mobile number', () => {
    const report = against(
      phone,
      MOBILES.map((text) => `${text.slice(0, 3)}****${text.slice(7)}`),
    );
    expect(report.findings).toContainEqual({ column: 'out', original: 'phone', test: 'partial mask', result: 'partly', value: 10_000 });
  });
  test('columns that restore together what none does alone', () => {
    const digit = (text: string, place: number) => String(Math.floor(Number(text) / place) % 10);
    const codes: ProtectedColumn = { name: 'code', cells: rows.map((at) => String((at * 7) % 40)) };
    const both = [{ name: 'b', cells: codes.cells.map((text) => digit(text ?? '', 10)) }];
    const joint = against(
      codes,
      codes.cells.map((text) => digit(text ?? '', 1)),
      both,
    ).findings.find((finding) => finding.test === 'learned decoder, all columns');
    expect(joint?.result).toBe('reversible');
  });
});

describe('masked resident ids', () => {
  const masked = '110105********002X';
  test('six and four shown: 46,021 dates, 4,182 candidates, 331 in a decade, 34 in a year', () => {
    expect(
      countResidentIds('110105********0020') +
        [...'123456789X'].reduce((sum, sign) => sum + countResidentIds(`110105********002${sign}`), 0),
    ).toBe(46_021);
    expect(countResidentIds(masked)).toBe(4182);
    expect(countResidentIds(masked, { decade: 1940 })).toBe(331);
    expect(countResidentIds(masked, { year: 1949 })).toBe(34);
    expect(countResidentIds(masked, { date: '1949-12-31' })).toBe(1);
  });
  test('fourteen shown: a thousand sequences', () => {
    expect(countResidentIds('11010519491231****')).toBe(1000);
  });
  test('counts what trying every sequence finds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: ROWS - 1 }), (at) => {
        const own = IDS[at] ?? '';
        const tried = Array.from(
          { length: 1000 },
          (_, number) => own.slice(0, 14) + String(number).padStart(3, '0') + own.slice(17),
        ).filter(isResidentId);
        expect(countResidentIds(`${own.slice(0, 14)}***${own.slice(17)}`)).toBe(tried.length);
      }),
      { numRuns: 25 },
    );
  });
  test('the vectors of the reference come out of a file of one row', () => {
    const original: ProtectedColumn = { name: 'id', cells: ['11010519491231002X'], kind: 'residentId' };
    const released = [{ name: 'id', cells: [masked] }];
    const value = (more: readonly TestedColumn[]) =>
      testReversibility({
        protectedColumns: [original],
        original: [original],
        released: [...released, ...more],
        earlier: [],
        k: 10,
      }).findings.find((finding) => finding.test === 'partial mask')?.value;
    expect(value([])).toBe(4182);
    expect(value([{ name: 'birth_year', cells: ['1949'] }])).toBe(34);
  });
  test('an age in the same table gives the year away, and so does one released before', () => {
    const ages = { name: 'age', cells: BIRTHS.map((text) => String(2026 - Number(text.slice(0, 4)))) };
    const cells = IDS.map((text) => `${text.slice(0, 6)}********${text.slice(14)}`);
    const maskValue = (report: ReturnType<typeof against>) =>
      report.findings.find((finding) => finding.test === 'partial mask')?.value ?? 0;
    expect(maskValue(against(id, cells))).toBeGreaterThan(4000);
    expect(maskValue(against(id, cells, [ages]))).toBeLessThan(40);
    const years = [{ name: 'y', cells: BIRTHS.map((text) => text.slice(0, 4)) }];
    const composed = testReversibility({
      protectedColumns: [id],
      original: [id],
      released: [{ name: 'out', cells }],
      earlier: [years],
      k: 10,
    });
    expect(maskValue(composed)).toBeLessThan(40);
  });
});

describe('sums over groups', () => {
  const sums = (label: (at: number) => string | null, name = 'district') => {
    const groups = [...new Set(rows.map(label))];
    return [
      { name, cells: groups },
      {
        name: 'total',
        cells: groups.map((group) =>
          rows
            .filter((at) => label(at) === group)
            .reduce((sum, at) => sum + Number(INCOME[at]), 0)
            .toFixed(2),
        ),
      },
    ];
  };
  const solo = DISTRICTS.map((text, at) => (at === 7 ? '独区' : text));
  const run = (released: readonly TestedColumn[], cells: readonly string[], earlier: readonly (readonly TestedColumn[])[] = []) =>
    testReversibility({
      protectedColumns: [income],
      original: [income, { name: 'district', cells }],
      released,
      earlier,
      k: 10,
    }).findings.filter((finding) => finding.test === 'linear sums');

  test('a group of one is the row itself', () => {
    expect(
      run(
        sums((at) => solo[at] ?? ''),
        solo,
      ),
    ).toMatchObject([{ result: 'reversible', value: 1 }]);
  });
  test('groups of many are not', () =>
    expect(
      run(
        sums((at) => DISTRICTS[at] ?? ''),
        DISTRICTS,
      ),
    ).toMatchObject([{ result: 'notFound' }]));
  test('a total released before beside all groups but one', () => {
    const groups = sums((at) => solo[at] ?? '');
    const most = groups.map((column) => ({ ...column, cells: column.cells.filter((_, at) => groups[0]?.cells[at] !== '独区') }));
    const total = [
      { name: 'district', cells: ['合计'] },
      { name: 'total', cells: [INCOME.reduce((sum, text) => sum + Number(text), 0).toFixed(2)] },
    ];
    expect(run(most, solo)).toMatchObject([{ result: 'notFound' }]);
    expect(run(most, solo, [total])).toMatchObject([{ result: 'reversible', value: 1 }]);
  });
});

test('findings hold no values of the data', () => {
  const text = JSON.stringify(against(phone, MOBILES.map(hex)));
  for (const value of MOBILES) expect(text).not.toContain(value);
});

describe('in another order', () => {
  /** A fixed rearrangement of the rows. */
  const shuffled = (cells: readonly string[]): readonly string[] => cells.map((_, at) => cells[(at * 47 + 31) % cells.length] ?? '');

  test.each<readonly [string, ProtectedColumn, (text: string) => string]>([
    ['identity (any order)', id, (text) => text],
    ['affine (any order)', phone, (text) => String(BigInt(text) * -3n + 7n)],
    ['base64 (any order)', phone, (text) => Buffer.from(text).toString('base64')],
    ['hex (any order)', id, hex],
  ])('%s', (name, original, change) => {
    const cells = original.cells.map((text) => change(text ?? ''));
    for (const order of [shuffled(cells), cells.toSorted()]) {
      const report = against(original, order);
      expect([report.verdict, found(report).map((finding) => finding.test)]).toEqual(['reversible', [name]]);
    }
  });

  test('a mask says how many it may be, whatever the order', () => {
    const report = against(id, shuffled(IDS.map((text) => `${text.slice(0, 6)}********${text.slice(-4)}`)));
    expect(found(report).map((finding) => finding.test)).toEqual(['partial mask']);
  });

  test('other numbers, coarse ones and noise are none of it', () => {
    const others = shuffled(rows.map((at) => `1${[3, 5, 7, 8, 9][at % 5]}${String(Math.floor(noise(at, 9) * 1e9)).padStart(9, '0')}`));
    const coarse = shuffled(MOBILES.map((text) => String(Math.round(Number(text) / 1e7) * 1e7)));
    const noisy = shuffled(MOBILES.map((text, at) => String(Number(text) + Math.floor(noise(at, 10) * 1e7))));
    for (const cells of [others, coarse, noisy]) expect(against(phone, cells).verdict).toBe('notFound');
  });
});
