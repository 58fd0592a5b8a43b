import type { Row } from '../real-data.ts';
import { equal, sameRows } from './equal.ts';
import type { OracleInput } from './oracle-input.ts';
import type { Released } from './released.ts';
import type { Violation } from './safety.ts';
import type { StagedQuery } from './stages.ts';
import { parseNode, printNode, tablesOf } from './syntax.ts';
import { withTies } from './ties.ts';

export interface JudgedAnswer {
  readonly violations: readonly Violation[];
  /** What could not be looked at, for people. */
  readonly notes: readonly string[];
}

/** Largest table whose rows are compared one by one. */
const MAX_ROWS = 3000;

/**
 * Holds the table that the merchant gets against the gates below it: its outermost query is run again over what they
 * released; it may read nothing protected. `makeStages` must have run.
 */
export async function judgeAnswer(released: Released, staged: StagedQuery | null, input: OracleInput): Promise<JudgedAnswer> {
  const { data, catalog } = input;
  if (released.rows.length > MAX_ROWS) return { violations: [], notes: ['the table is too long to be compared'] };
  const isProtected = (table: string): boolean => catalog[table]?.visibility === 'protected';
  if (staged === null) {
    if (released.gates.length === 0) {
      const reads = tablesOf(await parseNode(released.canonicalSql, data)).some(isProtected);
      return { violations: reads ? [wrong('protected rows were read without a gate')] : [], notes: [] };
    }
    return { violations: released.rows.length > 0 ? fromOneGate(released) : [], notes: [] };
  }
  if ([...staged.reads].some(isProtected))
    return { violations: [wrong('what is computed above the gates reads protected rows')], notes: [] };
  await data.run(`SET search_path = 'stages,main'`);
  let rows: readonly Row[];
  try {
    rows = await data.rows(staged.outer);
  } catch (error) {
    return { violations: [], notes: [`the outermost query does not run again: ${String(error).slice(0, 120)}`] };
  } finally {
    await data.run(`SET search_path = 'main'`);
  }
  return {
    violations: sameRows(released.rows, rows) ? [] : [wrong('the table is not what its outermost query gives over the released figures')],
    notes: [],
  };
}

function wrong(text: string): Violation {
  return { rule: 'unexplained', text };
}

/** Every row of the table is a row of the only gate, its columns chosen and named anew. */
function fromOneGate({ gates, rows }: Released): readonly Violation[] {
  const [gate] = gates;
  const left = new Set(gate?.table.rows ?? []);
  const missing = rows.filter((row) => {
    for (const other of left) {
      const places = new Set(other.keys());
      const isFound = row.every((value) => {
        const place = [...places].find((at) => equal(value, other[at]));
        return place !== undefined;
      });
      if (!isFound) continue;
      left.delete(other);
      return false;
    }
    return true;
  });
  return missing.length === 0 ? [] : [wrong(`${missing.length} rows are not what the gate released`)];
}

/** Figures that the engine computes in another way than the gate: they cannot be compared with the merchant's own text. */
const SPECIAL = /\b(median|quantile\w*|mode|min|max|count\(DISTINCT|first|last|arg_\w+)\b/i;

/** Values are counted only where k units have them; units are all counted. */
function isUnit(column: string, { catalog }: OracleInput): boolean {
  return Object.values(catalog).some((entry) => Object.values(entry.units ?? {}).some((path) => path.at(-1) === column));
}

/**
 * Where nothing was withheld, rounded or dropped, the table is what the merchant's own text gives on the raw tables: this
 * holds the whole translation against the engine's own reading of the question.
 */
export async function judgeMeaning(released: Released, input: OracleInput): Promise<JudgedAnswer> {
  const { isWhole, sql, rows } = released;
  if (
    !isWhole ||
    sql === null ||
    rows.length > MAX_ROWS ||
    SPECIAL.test(
      released.gates
        .flatMap((gate) => gate.answered.map((item) => item.sql))
        .join('\n')
        .replace(/count\(DISTINCT "[^"]*"\."([^"]*)"\)/g, (text, column: string) => (isUnit(column, input) ? '' : text)),
    )
  )
    return { violations: [], notes: [] };
  let own: readonly Row[];
  try {
    own = await input.data.rows(await printNode(withTies(await parseNode(sql, input.data)), input.data));
  } catch (error) {
    return { violations: [], notes: [`the merchant's own text does not run: ${String(error).slice(0, 80)}`] };
  }
  return { violations: sameRows(rows, own) ? [] : [wrong('the table is not what the question gives on the raw tables')], notes: [] };
}
