import { recompute } from './contributions.ts';
import { figuresOf } from './figures.ts';
import { checkOutput } from './judge-special.ts';
import type { OracleInput } from './oracle-input.ts';
import type { ReleasedGate } from './released.ts';
import { checkFigure } from './safety.ts';
import { makeStages, readingsOf, readStages } from './stages.ts';
import { tagTables } from './tagged-tables.ts';

/**
 * How many figures no rule for one figure forbids, in the gates of a statement that released nothing, by the texts that
 * were answered: where there is none, an empty answer is right. What gates released may have been filtered by the query
 * itself. Complements and value classes are not looked at; null where a text cannot be taken apart.
 */
export async function safeFigures(canonicalSql: string, gates: readonly ReleasedGate[], input: OracleInput): Promise<number | null> {
  await tagTables(input.catalog, input.data, input.wide);
  await makeStages(
    await readStages(canonicalSql, input.data),
    gates.map((gate) => ({ name: gate.name, ...gate.table })),
    input.data,
  );
  let safe = 0;
  const isEmpty = ({ table, keys }: ReleasedGate): boolean =>
    table.rows.every((row) => row.length > keys && row.slice(keys).every((value) => value === null));
  for (const gate of gates.filter(isEmpty)) {
    for (const answer of gate.answered) {
      const [text = ''] = await readingsOf(answer.sql, input.data);
      const recomputed = await recompute(text, input.catalog, input.data);
      if (recomputed === null) return null;
      for (const cell of recomputed.cells) {
        const item = { recomputed, cell, row: cell.outputs };
        const figures = figuresOf(item, '', input.catalog);
        for (let output = gate.keys; output < cell.outputs.length; output++) {
          if (cell.outputs[output] === null) continue;
          const own = figures.filter((figure) => figure.output === output);
          const broken = own.flatMap((figure) => checkFigure(figure, input.policy));
          const isRank = recomputed.shape.rules[output]?.kind === 'quantile';
          if (own.length > 0 && broken.length === 0 && (isRank || checkOutput(item, output, input.policy).length === 0)) safe += 1;
        }
      }
    }
  }
  return safe;
}
