import { afterAll, beforeAll, expect, test } from 'vitest';
import { DECLARED_HEAD } from '../../../support/declared-head.ts';
import { type LoadingBench, loadingBench } from '../../../support/loading.ts';

const ROWS = 2000;
const NAMES = ['id', 'planned', 'actual', 'cents', 'score', 'rank', 'flag', 'flagged', 'rare', 'due', 'done', 'born'] as const;

/** What each row holds: `rare` is as planned in one row of ten; flags and marks meet by chance. */
function row(at: number): readonly (string | number)[] {
  const planned = 100 + ((at * 37) % 900);
  const day = (offset: number): string => new Date(Date.UTC(2024, 0, 1 + ((at * 13) % 365) + offset)).toISOString().slice(0, 10);
  return [
    at,
    planned,
    at % 50 === 0 ? planned + 7 : planned,
    `${planned}.00`,
    1 + (at % 5),
    1 + ((at * 7) % 5),
    at % 2,
    at % 3 === 0 ? 1 : 0,
    at % 10 === 0 ? planned : 2000 + at,
    day(0),
    at % 9 === 0 ? day(3) : day(0),
    day(-9000),
  ];
}

const measure = (type: string) => ({ type, label: 'personal', role: 'measure' });
const declaration = {
  dataset: 'stays',
  ...DECLARED_HEAD,
  title: { zh: '停车', en: 'Stays' },
  tables: {
    stays: {
      file: 'stays.csv',
      visibility: 'protected',
      primaryKey: ['id'],
      units: { person: ['id'] },
      columns: {
        id: { type: 'INTEGER', label: 'personal', role: 'unitId' },
        ...Object.fromEntries(NAMES.slice(1, 9).map((name) => [name, measure(name === 'cents' ? 'DECIMAL(12,2)' : 'INTEGER')])),
        ...Object.fromEntries(NAMES.slice(9).map((name) => [name, { type: 'DATE', label: 'personal', role: 'quasiId' }])),
      },
    },
  },
};

let bench: LoadingBench;
beforeAll(async () => {
  bench = await loadingBench();
});
afterAll(() => bench.close());

test('columns that hold the same in many rows are found, those that meet by chance are not', async () => {
  const lines = Array.from({ length: ROWS }, (_, at) => row(at).join(','));
  const loaded = await bench.load(declaration, { 'stays.csv': `${NAMES.join(',')}\n${lines.join('\n')}\n` });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const pairs = (loaded.value.profile.tables[0]?.alike ?? []).map((pair) => [...pair].sort().join('-')).sort();
  expect(pairs).toEqual(
    ['actual-cents', 'actual-planned', 'actual-rare', 'cents-planned', 'cents-rare', 'done-due', 'planned-rare'].sort(),
  );
});
