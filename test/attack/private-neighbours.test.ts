import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PrivateMode } from '../../src/catalog/disclosure-mode.ts';
import { ExactChance } from '../../src/kernel/exact-chance.ts';
import { knownProfile } from '../../src/pipeline/mode-admission.ts';
import { runPrivateGate } from '../../src/pipeline/private/run-private.ts';
import { readStatement } from '../../src/pipeline/read-statement.ts';
import type { QueryRows } from '../../src/sandbox/enclave/port.ts';
import { compile } from '../../src/sandbox/sql/compile/compile.ts';
import type { GateProgram } from '../../src/sandbox/sql/model/program.ts';
import { parse } from '../../src/sandbox/sql/read/parse.ts';
import { DECLARED_HEAD } from '../support/declared-head.ts';
import { fixedRng } from '../support/fixed-rng.ts';
import { csv, type GateBench, gateBench } from '../support/gate-bench.ts';

const DRAWS = 4000;
/** Of a share estimated from so many draws, five deviations. */
const SLACK = 5 * Math.sqrt(0.5 / DRAWS);
const WARDS = ['a', 'b', 'c', 'd'];
type Visit = readonly [visit: number, person: number, ward: string, cost: number];

const others: readonly Visit[] = Array.from({ length: 80 }, (_, at) => [at, at % 40, WARDS[at % 4] ?? 'a', 5 + (at % 7)]);
/** One more person, who goes everywhere very often, at costs far outside the declared bounds. */
const heavy: readonly Visit[] = Array.from({ length: 60 }, (_, at) => [1000 + at, 900, WARDS[at % 4] ?? 'a', 1_000_000]);

const declaration = {
  dataset: 'visits',
  ...DECLARED_HEAD,
  title: { zh: '就诊', en: 'visits' },
  tables: {
    people: {
      file: 'people.csv',
      visibility: 'protected',
      primaryKey: ['person'],
      foreignKeys: [],
      units: { person: ['person'] },
      columns: { person: { type: 'INTEGER', label: 'personal', role: 'unitId' } },
    },
    visits: {
      file: 'visits.csv',
      visibility: 'protected',
      primaryKey: ['visit'],
      foreignKeys: [{ columns: ['person'], references: 'people.person' }],
      units: { person: ['person -> people.person', 'person'] },
      columns: {
        visit: { type: 'INTEGER', label: 'personal', role: 'dimension' },
        person: { type: 'INTEGER', label: 'personal', role: 'unitId' },
        ward: { type: 'VARCHAR', label: 'personal', role: 'dimension', domain: WARDS, publicDomain: true },
        cost: { type: 'INTEGER', label: 'personal', role: 'measure', bounds: [0, 2_000_000] },
      },
    },
  },
};
/** Clipping bounds narrower than what the file holds: the loader would refuse the values otherwise. */
function clippedAt(dataset: GateBench['context']['dataset'], most: number): GateBench['context']['dataset'] {
  const narrow = dataset.tables.map((table) => ({
    ...table,
    columns: table.columns.map((column) => (column.name === 'cost' ? { ...column, bounds: [0, most] as const } : column)),
  }));
  return { ...dataset, tables: narrow };
}

/** Two databases that differ by one person, and what thousands of looks tell of which it is. */
describe('differential privacy against somebody who knows everybody else', () => {
  const benches: GateBench[] = [];
  beforeAll(async () => {
    for (const visits of [others, [...others, ...heavy]]) {
      const persons = [...new Set(visits.map(([, person]) => person))];
      benches.push(
        await gateBench(declaration, {
          'people.csv': csv(
            ['person'],
            persons.map((id) => [id]),
          ),
          'visits.csv': csv(['visit', 'person', 'ward', 'cost'], visits),
        }),
      );
    }
  }, 120_000);
  afterAll(async () => {
    for (const bench of benches) await bench.close();
  });

  /** Draws of one statistic over one of the two databases: the exact part is read once, the noise drawn anew. */
  async function draws(bench: GateBench | undefined, sql: string, mode: PrivateMode, rho: number): Promise<readonly number[]> {
    if (bench === undefined) throw new Error('Not loaded');
    const context = { ...bench.context, dataset: clippedAt(bench.context.dataset, 50), mode };
    const reading = await readStatement(sql, context.dataset, bench.enclave);
    const parsed = reading.ok ? parse(sql, reading.value.tree) : undefined;
    const compiled = parsed?.ok === true ? compile(parsed.value, context.dataset, context.grant, knownProfile(context)) : undefined;
    const gate =
      compiled?.ok === true
        ? compiled.value.stages.flatMap((stage): readonly GateProgram[] => (stage.kind === 'gate' ? [stage.gate] : []))[0]
        : undefined;
    if (gate === undefined) throw new Error('Not admitted');
    const opened = await bench.enclave.open(
      { database: { kind: 'sealed', path: context.sealedPath, digest: context.version.digest }, readable: [], writable: [] },
      { memoryMiB: 400, threads: 1, tempMiB: 64, timeoutMs: 60_000, maxRows: 1000 },
    );
    if (!opened.ok) throw new Error(opened.error);
    let known: QueryRows | undefined;
    const setting = { mode, dataset: context.dataset, chance: new ExactChance(fixedRng(`${sql} ${bench === benches[0]}`)) };
    const found: number[] = [];
    try {
      const run = async (text: string): Promise<QueryRows> => {
        const asked = known === undefined ? await opened.value.query(text) : undefined;
        if (asked?.ok === false) throw new Error(asked.error);
        known ??= asked?.ok === true ? asked.value : undefined;
        if (known === undefined) throw new Error('Not answered');
        return known;
      };
      for (let at = 0; at < DRAWS; at += 1) {
        const { table } = await runPrivateGate(gate, setting, rho, run);
        found.push(table.rows.reduce((sum, row) => sum + Number(row.at(-1)), 0));
      }
    } finally {
      await opened.value.close();
    }
    return found;
  }

  /** By how much one threshold tells the two apart at best: a lower bound of their total variation distance. */
  function toldApart(a: readonly number[], b: readonly number[]): number {
    const all = [...a.map((value) => [value, 1] as const), ...b.map((value) => [value, -1] as const)].sort(([x], [y]) => x - y);
    let [balance, best] = [0, 0];
    for (const [at, [value, side]] of all.entries()) {
      balance += side;
      if (all[at + 1]?.[0] !== value) best = Math.max(best, Math.abs(balance) / a.length);
    }
    return best;
  }

  /** The same draws with half of their noise: what a wrong scale would have given. */
  const halved = (values: readonly number[]): readonly number[] => {
    const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => middle + (value - middle) / 2);
  };

  // ρ bounds the Kullback–Leibler divergence, and its half the square of the distance (Pinsker).
  const RHO = 0.5;
  const most = Math.sqrt(RHO / 2) + SLACK;
  const gaussian: PrivateMode = {
    kind: 'dp',
    noise: 'gaussian',
    unit: 'person',
    rhoPerQuery: RHO,
    rhoPerGrant: 1,
    rhoOfDataset: 1,
    cellsPerUnit: 4,
    rowsPerCell: 3,
  };

  test.each([
    ['gaussian', 'SELECT ward, count(*) AS n FROM visits GROUP BY ward'],
    ['gaussian', 'SELECT ward, sum(cost) AS s FROM visits GROUP BY ward'],
    ['laplace', 'SELECT ward, sum(cost) AS s FROM visits GROUP BY ward'],
  ] as const)(
    '%s noise hides a person who goes everywhere: %s',
    async (noise, sql) => {
      const mode = { ...gaussian, noise };
      const [without, beside] = [await draws(benches[0], sql, mode, RHO), await draws(benches[1], sql, mode, RHO)];
      expect(toldApart(without, beside)).toBeLessThan(most);
      // The person is there: caps, bounds and noise do no more than they have to.
      expect(toldApart(without, beside)).toBeGreaterThan(0.1);
      if (noise === 'gaussian') expect(toldApart(halved(without), halved(beside))).toBeGreaterThan(most);
    },
    120_000,
  );

  test('a person beyond the caps counts for no more than one at them', async () => {
    const sql = 'SELECT ward, count(*) AS n FROM visits GROUP BY ward';
    const capped = { ...gaussian, cellsPerUnit: 2, rowsPerCell: 2 };
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [without, beside] = [await draws(benches[0], sql, capped, RHO), await draws(benches[1], sql, capped, RHO)];
    expect(mean(beside) - mean(without)).toBeGreaterThan(3.5);
    expect(mean(beside) - mean(without)).toBeLessThan(4.5);
  }, 120_000);
});
