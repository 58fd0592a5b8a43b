import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import type { Executed, ExecutedCell, ResultShape } from '../egress/executed.ts';
import { seal } from '../kernel/stage.ts';
import { leafCount } from '../sandbox/sql/condition.ts';
import type { EvidenceProgram, Rewritten } from '../sandbox/sql/program.ts';
import { type CellSelection, cellsStatement } from '../sandbox/sql/statements/relation.ts';
import type { RunStatement } from './enclave-fault.ts';
import { type BucketPass, bucketPass, emptyFigures, judge } from './gather-evidence.ts';
import { cellName, readKeys } from './read-evidence.ts';
import { type ConditionVariant, settleOperands } from './settle-operands.ts';

/**
 * Runs a program of evidence: figures and bucket evidence of all cells, neutral operands, figures again for the cells
 * that lost one, exact evidence where buckets leave a question open.
 *
 * Throws EnclaveFault or MalformedAnswer; decides nothing about release. Source: gate.md §6.
 */
export async function execute(program: Rewritten, policy: DisclosurePolicy, run: RunStatement): Promise<Executed> {
  const whole: ConditionVariant = { condition: program.condition, dropped: [], selection: null };
  const first = await bucketPass(program, whole, run);
  const universe = await cellsToSettle(program, first, run);
  const [, ...reduced] = await settleOperands(program, policy.k, universe, run);
  const moved = new Set(reduced.flatMap((variant) => (variant.selection?.cells ?? []).map(cellName)));
  const untouched = first.figures.filter((cell) => !moved.has(cellName(cell.key)));
  const cells: ExecutedCell[] = [...(await judge(program, whole, { ...first, figures: untouched }, policy, run))];
  for (const variant of reduced) {
    const wanted = new Set(variant.selection?.cells.map(cellName));
    const pass = await bucketPass(program, variant, run);
    const found = pass.figures.filter((cell) => wanted.has(cellName(cell.key)));
    const named = new Set(found.map((cell) => cellName(cell.key)));
    // Nothing is left of these once their operands are dropped; operators are to see that, and why.
    const empty = (variant.selection?.cells ?? []).filter((key) => !named.has(cellName(key)));
    const figures = [...found, ...empty.map((key) => emptyFigures(program, key))];
    cells.push(...(await judge(program, variant, { ...pass, figures }, policy, run)));
  }
  return seal<'executed', { shape: ResultShape; cells: readonly ExecutedCell[] }>({ shape: shapeOf(program, first), cells });
}

/**
 * The cells whose operands are to be settled: every cell of the relation, so that one without a single row and one with
 * a row of one unit are treated alike. Only with one comparison and one monomial those without a row are left out: if
 * the comparison is neutral there, the whole cell rests on fewer than k units of that monomial. With two, the one that
 * moves little would decide for the other (gate-examples.md D4); and labels of a sensitive key vouch for one another.
 */
async function cellsToSettle(program: EvidenceProgram, first: BucketPass, run: RunStatement): Promise<CellSelection> {
  const { condition, keys, monomials } = program;
  const own = { cells: first.figures.map((cell) => cell.key), types: first.types };
  if (condition === null || keys.length === 0) return own;
  if (leafCount(condition) === 1 && monomials.length === 1 && !keys.some((key) => key.sensitive)) return own;
  return { cells: readKeys(program, await run(cellsStatement(program))), types: first.types };
}

function shapeOf(program: EvidenceProgram, first: BucketPass): ResultShape {
  let aggregates = 0;
  return {
    keys: program.keys.map((key, index) => ({
      type: first.types[index] ?? 'VARCHAR',
      sensitive: key.sensitive,
      publicLabels: key.publicLabels,
    })),
    outputs: program.outputs.map((output) => ({
      kind: output.kind,
      name: output.name,
      index: output.kind === 'key' ? output.key : aggregates++,
    })),
    order: program.order,
  };
}
