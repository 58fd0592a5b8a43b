import { DuckDBInstance, JsonDuckDBValueConverter } from '@duckdb/node-api';
import type { DisclosurePolicy } from '../../../src/catalog/disclosure-policy.ts';
import { combine } from '../../../src/egress/evidence-rules.ts';
import type { RunStatement } from '../../../src/pipeline/enclave-fault.ts';
import { specialAnswers } from '../../../src/pipeline/special-answers.ts';
import type { Cell } from '../../../src/sandbox/enclave/port.ts';
import { type Condition, NOTHING_DROPPED } from '../../../src/sandbox/sql/model/condition.ts';
import type { Functional, GateProgram, ProgramUnit, SpecialColumn } from '../../../src/sandbox/sql/model/program.ts';

/** One row of the bench's table. Amounts are in cents. */
export interface BenchRow {
  readonly city: string | null;
  /** Number of the person, and of another unit: an enterprise, or a second person. */
  readonly u: number | null;
  readonly v: number | null;
  readonly flag: boolean;
  readonly a: number | null;
  readonly cents: number | null;
  readonly label: string | null;
}

export const PERSON: ProgramUnit = unitOf('person', 't0.u', 't0.ub');
export const ENTERPRISE: ProgramUnit = unitOf('enterprise', 't0.v', 't0.vb');
export const OTHER_PERSON: ProgramUnit = unitOf('person', 't0.v', 't0.vb');
export const TOUCHED: ProgramUnit = {
  ...unitOf('person', 'x0."__u"', 'x0."__b"'),
  touching: [
    ' CROSS JOIN LATERAL (SELECT DISTINCT __u, __b FROM (VALUES (t0.u, t0.ub), (t0.v, t0.vb)) AS v(__u, __b) WHERE __u IS NOT NULL) AS x0',
  ],
};

function unitOf(type: string, number: string, bucket: string): ProgramUnit {
  return { type, number, bucket, key: number, size: 100, oneRow: false, touching: null };
}

export function column(sql: string, changes: Partial<SpecialColumn> = {}): SpecialColumn {
  return { sql, shown: sql, base: [sql], sensitive: false, open: false, ...changes };
}

export const A = column('t0.a');
export const M = column('t0.m');
export const LABEL = column('t0.label');

const FLAG: Condition = { kind: 'leaf', id: 1, text: 'flag', sql: ['t0.flag'], shown: ['flag'] };

/** A gate over the bench's table. Its only piece, number 0, are the rows with the flag. */
export function programOf(functionals: readonly Functional[], units: readonly ProgramUnit[], byCity: boolean): GateProgram {
  return {
    from: ['t AS t0'],
    shownFrom: ['t'],
    where: null,
    pieces: [FLAG],
    keys: byCity ? [{ sql: 't0.city', name: 'city', id: 'city', publicLabels: null, sensitive: false }] : [],
    terms: [],
    outputs: functionals.map((functional, index) => ({
      name: `a${index}`,
      shown: [],
      functional,
      type: 'DOUBLE',
      families: [],
      combined: false,
    })),
    units,
    rowsId: 't',
    bundle: 0,
  };
}

export function policyOf(k: number): DisclosurePolicy {
  return { k, dominance: { units: 2, share: 0.9 }, pShare: 0.1 };
}

/** What comes out of one cell: the figure, or nothing, with the rules that failed. */
export interface Outcome {
  readonly released: boolean;
  readonly value: number | string | boolean | null;
  readonly failed: readonly string[];
}

export interface SpecialBench {
  readonly run: RunStatement;
  fill(rows: readonly BenchRow[]): Promise<void>;
  /** By output, then by name of the cell. */
  ask(program: GateProgram, k: number): Promise<readonly ReadonlyMap<string, Outcome>[]>;
  close(): void;
}

/** A real engine in memory with one table `t`. Buckets are the unit modulo 256. */
export async function specialBench(): Promise<SpecialBench> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const run: RunStatement = async (sql) => {
    const reader = await connection.runAndReadAll(sql);
    const columns = reader.columnNames().map((name, index) => ({ name, type: String(reader.columnType(index)) }));
    return { columns, rows: reader.convertRows(JsonDuckDBValueConverter) as Cell[][] };
  };
  const text = (value: string | null): string => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);
  return {
    run,
    fill: async (rows) => {
      const values = rows.map(
        (row) => `(${[text(row.city), row.u, row.v, row.flag, row.a, row.cents, text(row.label)].map(String).join(', ')})`,
      );
      const source = `SELECT city, u, (u % 256)::USMALLINT AS ub, v, (v % 256)::USMALLINT AS vb, flag, a, m, label`;
      const typed = `SELECT c0::VARCHAR AS city, c1::INTEGER AS u, c2::INTEGER AS v, c3::BOOLEAN AS flag, c4::INTEGER AS a, (c5::DECIMAL(18,0) * 0.01::DECIMAL(2,2))::DECIMAL(18,2) AS m, c6::VARCHAR AS label`;
      const given = values.length === 0 ? 'SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE FALSE' : `VALUES ${values.join(', ')}`;
      await connection.run(`CREATE OR REPLACE TABLE t AS ${source} FROM (${typed} FROM (${given}) AS s(c0, c1, c2, c3, c4, c5, c6))`);
    },
    ask: async (program, k) => {
      const found = await specialAnswers(program, { reduction: NOTHING_DROPPED, selection: null }, policyOf(k), run);
      return program.outputs.map((_, index) => {
        const cells = [...(found.get(index) ?? [])].map(([name, { value, rules }]): [string, Outcome] => [
          name,
          {
            released: rules.length > 0 && combine(rules) === 'pass',
            value,
            failed: rules.flatMap((rule) => (rule.outcome === 'pass' ? [] : [rule.rule])),
          },
        ]);
        return new Map(cells);
      });
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
