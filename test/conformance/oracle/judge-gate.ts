import type { DisclosurePolicy } from '../../../src/catalog/disclosure-policy.ts';
import type { Row } from '../real-data.ts';
import { recompute } from './contributions.ts';
import { equal } from './equal.ts';
import { checkOutput, explainsSpecial } from './judge-special.ts';
import type { MatchedCell } from './matched-cell.ts';
import type { OracleInput } from './oracle-input.ts';
import type { Recomputed, RecomputedCell } from './recomputed.ts';
import type { AnsweredText, ReleasedGate } from './released.ts';
import type { Violation } from './safety.ts';
import { readingsOf } from './stages.ts';
import { withToldApart } from './told-apart.ts';

/** A released figure that is said to be one of before, beside the cell of its own text. */
export interface ReplacedFigure extends MatchedCell {
  readonly output: number;
  readonly value: Row[number];
}

export interface JudgedGate {
  /** Rows without their replaced figures. */
  readonly cells: readonly MatchedCell[];
  readonly replaced: readonly ReplacedFigure[];
  readonly violations: readonly Violation[];
  /** Texts that the oracle cannot take apart. */
  readonly unjudged: number;
}

/** Holds every released row against what its own text gives on the raw tables. */
export async function judgeGate(gate: ReleasedGate, input: OracleInput): Promise<JudgedGate> {
  const cells: MatchedCell[] = [];
  const replaced: ReplacedFigure[] = [];
  const violations: Violation[] = [];
  let unjudged = 0;
  const left = new Set(
    gate.table.rows.filter((row) => gate.table.columns.length === gate.keys || row.slice(gate.keys).some((value) => value !== null)),
  );
  for (const answer of gate.answered) {
    const own = [...left].filter((row) => answer.rows.some((labels) => sameLabels(labels, row.slice(0, gate.keys))));
    for (const row of own) left.delete(row);
    if (own.length === 0) continue;
    const best = await bestReading(answer, own, gate, input);
    if (best === null) {
      unjudged += 1;
      continue;
    }
    for (const row of best.unexplained)
      violations.push({
        rule: 'unexplained',
        text: `${gate.name}: ${row.slice(0, gate.keys).join(' · ') || '(all)'} is not what its text gives`,
      });
    for (const item of best.matched) {
      const outputs = replacedOutputs(item.row, gate);
      const own = { ...item, row: item.row.map((value, output) => (outputs.has(output) ? null : value)) };
      cells.push(own);
      replaced.push(...[...outputs].map((output) => ({ ...item, output, value: item.row[output] ?? null })));
      violations.push(...checkOutputs(own, gate, input.policy));
    }
  }
  for (const row of left)
    violations.push({ rule: 'unexplained', text: `${gate.name}: ${row.slice(0, gate.keys).join(' · ')} was released without a text` });
  return { cells, replaced, violations, unjudged };
}

interface Reading {
  readonly matched: readonly MatchedCell[];
  readonly unexplained: readonly Row[];
}

/** The reading of a text that explains most of its rows; null where none can be taken apart. */
async function bestReading(
  { sql, apart }: AnsweredText,
  rows: readonly Row[],
  gate: ReleasedGate,
  input: OracleInput,
): Promise<Reading | null> {
  const positions = new Map(gate.table.columns.map(({ name }, index) => [name, index]));
  let best: Reading | null = null;
  for (const text of await readingsOf(sql, input.data)) {
    const main = await recompute(text, input.catalog, input.data);
    const recomputed = main === null || apart === undefined ? main : await withToldApart(main, apart, positions, input);
    if (recomputed === null) continue;
    const reading = matchRows(recomputed, rows, gate, input.policy);
    if (best === null || reading.unexplained.length < best.unexplained.length) best = reading;
    if (best.unexplained.length === 0) break;
  }
  return best;
}

function matchRows(recomputed: Recomputed, rows: readonly Row[], gate: ReleasedGate, policy: DisclosurePolicy): Reading {
  const matched: MatchedCell[] = [];
  const unexplained: Row[] = [];
  const positions = recomputed.shape.keys.map((key) => key.output ?? -1);
  for (const row of rows) {
    // A gate's labels stand first and under the numbers of their keys, in its table as in its text.
    const cell = recomputed.cells.find(
      (item) =>
        positions.every((position, index) => equal(item.labels[index], row[position])) && explains(item, row, { recomputed, gate, policy }),
    );
    if (cell === undefined) unexplained.push(row);
    else matched.push({ recomputed, cell, row });
  }
  return { matched, unexplained };
}

interface Frame {
  readonly recomputed: Recomputed;
  readonly gate: ReleasedGate;
  readonly policy: DisclosurePolicy;
}

function explains(cell: RecomputedCell, row: Row, { recomputed, gate, policy }: Frame): boolean {
  const replaced = replacedOutputs(row, gate);
  return row.every((value, index) => {
    if (index < gate.keys || value === null || replaced.has(index)) return true;
    const rule = recomputed.shape.rules[index];
    if (rule !== undefined && rule.kind !== 'exact') return explainsSpecial(rule, cell, value, policy);
    return equal(cell.outputs[index], value, 1e-7);
  });
}

function checkOutputs(item: MatchedCell, gate: ReleasedGate, policy: DisclosurePolicy): readonly Violation[] {
  return item.row.flatMap((value, output) => (output < gate.keys || value === null ? [] : checkOutput(item, output, policy)));
}

function replacedOutputs(row: Row, gate: ReleasedGate): ReadonlySet<number> {
  const labels = row.slice(0, gate.keys);
  const names = (gate.replaced ?? []).filter((item) => sameLabels(item.labels, labels)).map((item) => item.column);
  return new Set(
    gate.table.columns.flatMap(({ name }, output) => (names.includes(name) && (row[output] ?? null) !== null ? [output] : [])),
  );
}

function sameLabels(a: Row, b: Row): boolean {
  return a.length === b.length && a.every((value, index) => equal(value, b[index]));
}
