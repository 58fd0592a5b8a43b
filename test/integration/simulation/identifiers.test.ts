import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDeclaration } from '../../../src/catalog/declaration.ts';
import { runSimulation } from '../../../src/sandbox/loader/simulate.ts';
import { planSimulation } from '../../../src/synthetic/plan-simulation.ts';
import { DECLARED_HEAD } from '../../support/declared-head.ts';
import { type LoadingBench, loadingBench } from '../../support/loading.ts';

/** Validators written from the standards, sharing nothing with `src/identifiers`. */

const isDate = (text: string): boolean => {
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6, 8))];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

/** GB 11643-1999, by ISO 7064 MOD 11-2 as a recurrence (not by the weights): p ← 2(p + d), at the end p + check ≡ 1 (mod 11). */
const residentId = (text: string): boolean => {
  if (!/^[1-8]\d{16}[\dX]$/.test(text) || !isDate(text.slice(6, 14))) return false;
  let p = 0;
  for (const digit of text.slice(0, 17)) p = (2 * (p + Number(digit))) % 11;
  return (p + (text.endsWith('X') ? 10 : Number(text.at(-1)))) % 11 === 1;
};

/** GB 32100-2015 with GB 11714: the whole is ≡ 0 (mod 31) under powers of 3, the organisation code under 3, 7, 9, 10, 5, 8, 4, 2. */
const uscc = (text: string): boolean => {
  const signs = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  if (text.length !== 18 || [...text].some((sign) => !signs.includes(sign))) return false;
  let [sum, power] = [0, 1];
  for (const sign of text) {
    sum += signs.indexOf(sign) * power;
    power = (power * 3) % 31;
  }
  const inner = [...text.slice(8, 16)].reduce(
    (total, sign, at) => total + Number.parseInt(sign, 36) * ([3, 7, 9, 10, 5, 8, 4, 2][at] ?? 0),
    0,
  );
  const check = (11 - (inner % 11)) % 11;
  // The last character stands for (31 − Σ) mod 31 and is not weighed itself.
  return (
    (sum - signs.indexOf(text.at(17) ?? '') * 3 ** 17 + signs.indexOf(text.at(17) ?? '')) % 31 === 0 &&
    text[16] === (check === 10 ? 'X' : String(check))
  );
};

/** Luhn, ISO/IEC 7812-1 Annex B, from the right. */
const luhn = (text: string): boolean =>
  [...text]
    .toReversed()
    .reduce((sum, digit, at) => sum + (at % 2 === 1 ? ([0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)] ?? 0) : Number(digit)), 0) %
    10 ===
  0;

const PLATE =
  /^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z](?:[0-9A-HJ-NP-Z]{5}|[DF][0-9A-HJ-NP-Z]\d{4}|\d{5}[DF])$/;

const KINDS: Readonly<Record<string, (text: string) => boolean>> = {
  residentId,
  uscc,
  mobile: (text) => /^1[3-9]\d{9}$/.test(text),
  landline: (text) => /^0(?:10|2\d|[3-9]\d{2})-?\d{7,8}$/.test(text),
  bankCard: (text) => /^62\d{14,17}$/.test(text) && luhn(text),
  plate: (text) => PLATE.test(text),
  // Form alone: that no passport has an O there is what makes the safe ones nobody's.
  passport: (text) => /^E(?:\d{8}|[A-Z]\d{7})$/.test(text),
  email: (text) => /^[a-z0-9._-]+@(?:[a-z0-9-]+\.)+[a-z]+$/.test(text),
  ip: (text) => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255),
  coordinate: (text) => {
    const [east = Number.NaN, north = Number.NaN] = text
      .split(/[,"]/)
      .filter((part) => part !== '')
      .map(Number);
    return Math.abs(east) <= 180 && Math.abs(north) <= 90;
  },
};

const ROWS = 10_000;
let bench: LoadingBench;
beforeAll(async () => {
  bench = await loadingBench();
});
afterAll(() => bench.close());

async function columns(mode: 'safe' | 'realistic'): Promise<ReadonlyMap<string, readonly string[]>> {
  const one = (kind: string): object => ({ type: 'VARCHAR', label: 'personal', role: 'directId', nullable: false, semantic: kind });
  const kinds = Object.keys(KINDS).filter((kind) => kind !== 'uscc');
  const table = (keys: readonly string[]) => ({
    visibility: 'protected',
    primaryKey: ['id'],
    units: { holder: ['id'] },
    rows: ROWS,
    columns: {
      id: { type: 'INTEGER', label: 'personal', role: 'unitId', nullable: false },
      ...Object.fromEntries(keys.map((kind) => [kind, one(kind)])),
    },
  });
  // Credit codes stand in a table of enterprises: in one of people they would be somebody's employer.
  const read = readDeclaration({ dataset: 'kinds', ...DECLARED_HEAD, tables: { people: table(kinds), firms: table(['uscc']) } });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const plan = planSimulation(read.value.dataset, { rows: ROWS, seed: 'kinds', mode });
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  const folder = join(bench.folder, mode);
  const made = await runSimulation(plan.value, { enclave: bench.enclave }, folder);
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  const found = new Map<string, string[]>();
  for (const file of ['people.csv', 'firms.csv']) {
    const [head = '', ...lines] = (await readFile(join(folder, file), 'utf8')).trimEnd().split('\n');
    for (const name of head.split(',')) found.set(name, []);
    for (const line of lines) {
      const cells = line.match(/"(?:[^"]|"")*"|[^,]+|(?<=,|^)(?=,|$)/g) ?? [];
      for (const [at, name] of head.split(',').entries()) found.get(name)?.push((cells[at] ?? '').replace(/^"|"$/g, ''));
    }
  }
  return found;
}

describe.each(['safe', 'realistic'] as const)('10,000 of every kind, %s', (mode) => {
  test('pass validators that know the standards alone, and registers name one row each', async () => {
    const found = await columns(mode);
    for (const [kind, isValid] of Object.entries(KINDS)) {
      const texts = found.get(kind) ?? [];
      expect(texts, kind).toHaveLength(ROWS);
      expect(texts.filter((text) => !isValid(text)).slice(0, 3), kind).toEqual([]);
      expect(new Set(texts).size, kind).toBe(ROWS);
    }
  }, 120_000);
});

test('the validators are no rubber stamps: known good ones pass, one changed character does not', () => {
  for (const good of ['11010519491231002X', '440524188001010014', '81000019980902013X']) expect(residentId(good), good).toBe(true);
  for (const bad of ['110105194912310021', '440524188013010014', '44052418800101001X']) expect(residentId(bad), bad).toBe(false);
  for (const good of ['91350100M000100Y43', '91110000600037341L', '91310110666007217T']) expect(uscc(good), good).toBe(true);
  for (const bad of ['91350100M000100Y4Z', '91110000600037341N', '9111000060003734IL']) expect(uscc(bad), bad).toBe(false);
  expect([luhn('79927398713'), luhn('79927398710')]).toEqual([true, false]);
});
