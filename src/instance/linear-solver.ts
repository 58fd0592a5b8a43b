import highsModule, { type Highs, type Model } from 'highs';
import type { Interval, LinearProblem, LinearSolver } from '../egress/ledger/feasibility.ts';

/** Beyond this a table is decided by the rule that needs no solver. */
const TIME_LIMIT_SECONDS = 5;

/** The package describes its CommonJS file; as an ES module, its default export is the loader itself. */
const loadHighs = highsModule as unknown as (typeof highsModule)['default'];

/**
 * The solver of interval audits: HiGHS as WebAssembly, loaded from the package's own file, without network. One thread,
 * and all solves of one problem share five seconds; what takes longer has no answer. A
 * single equation is solved by hand: tables with one total have thousands of unknowns.
 * Source: gate.md §7 (linear program, HiGHS), ADR 0014.
 */
export async function openLinearSolver(timeLimitSeconds = TIME_LIMIT_SECONDS): Promise<LinearSolver> {
  const highs = await loadHighs({ print: () => undefined, printErr: () => undefined });
  return { ranges: (problem) => rangesOfOne(problem) ?? solveRanges(highs, problem, timeLimitSeconds) };
}

/** The ranges where there is one equation only: each unknown is what the others leave of it. Undefined where nothing fits. */
function rangesOfOne({ lower, upper, equations }: LinearProblem): readonly Interval[] | undefined {
  const [equation, ...others] = equations;
  if (equation === undefined || others.length > 0) return undefined;
  const shares = [...equation.terms].map(([at, factor]) => {
    const ends = [factor * (lower[at] ?? 0), factor * (upper[at] ?? 0)];
    return { at, factor, low: Math.min(...ends), high: Math.max(...ends) };
  });
  const sum = (of: (share: (typeof shares)[number]) => number): { readonly finite: number; readonly endless: number } => ({
    finite: shares.reduce((total, share) => total + (Number.isFinite(of(share)) ? of(share) : 0), 0),
    endless: shares.filter((share) => !Number.isFinite(of(share))).length,
  });
  const [least, most] = [sum((share) => share.low), sum((share) => share.high)];
  const found = lower.map((low, at): Interval => ({ low, high: upper[at] ?? 0 }));
  for (const { at, factor, low, high } of shares) {
    const without = (all: typeof least, own: number): number => {
      const isOwn = !Number.isFinite(own);
      return all.endless > (isOwn ? 1 : 0) ? Number.POSITIVE_INFINITY : all.finite - (isOwn ? 0 : own);
    };
    const [rest, worst] = [without(least, low), without(most, high)];
    const ends = [
      (equation.value - (rest === Number.POSITIVE_INFINITY ? Number.NEGATIVE_INFINITY : rest)) / factor,
      (equation.value - worst) / factor,
    ];
    const known = found[at];
    if (known !== undefined) found[at] = { low: Math.max(known.low, Math.min(...ends)), high: Math.min(known.high, Math.max(...ends)) };
  }
  return found.every(({ low, high }) => low <= high) ? found : undefined;
}

function solveRanges(highs: Highs, problem: LinearProblem, timeLimitSeconds: number): readonly Interval[] | undefined {
  if (problem.lower.length === 0) return [];
  const model = highs.createModel(modelOf(highs, problem));
  try {
    model.options.set({ output_flag: false, time_limit: timeLimitSeconds });
    const found: Interval[] = [];
    for (const column of problem.lower.keys()) {
      model.changeColCost(column, 1);
      const low = extreme(highs, model, 'minimize');
      const high = low === undefined ? undefined : extreme(highs, model, 'maximize');
      if (low === undefined || high === undefined) return undefined;
      model.changeColCost(column, 0);
      found.push({ low, high });
    }
    return found;
  } catch {
    return undefined; // whatever the solver objects to, the rule without a solver decides
  } finally {
    model.dispose();
  }
}

function extreme(highs: Highs, model: Model, direction: 'minimize' | 'maximize'): number | undefined {
  model.changeObjectiveSense(highs.constants.objectiveSense[direction]);
  const { modelStatus } = model.run();
  const known = highs.constants.modelStatus;
  if (modelStatus === known.optimal) return model.getObjectiveValue();
  // The true figures are a solution, so that what is not bounded cannot be infeasible.
  if (modelStatus !== known.unbounded && modelStatus !== known.unboundedOrInfeasible) return undefined;
  return direction === 'minimize' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function modelOf(highs: Highs, problem: LinearProblem): Parameters<Highs['createModel']>[0] {
  const starts = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (const { terms } of problem.equations) {
    for (const [column, coefficient] of terms) {
      indices.push(column);
      values.push(coefficient);
    }
    starts.push(indices.length);
  }
  const bounded = (value: number): number => (Number.isFinite(value) ? value : Math.sign(value) * highs.infinity);
  const rows = problem.equations.map((equation) => equation.value);
  const [numCols, numRows] = [problem.lower.length, rows.length];
  return {
    numCols,
    numRows,
    colCost: new Float64Array(numCols),
    colLower: Float64Array.from(problem.lower, bounded),
    colUpper: Float64Array.from(problem.upper, bounded),
    rowLower: Float64Array.from(rows),
    rowUpper: Float64Array.from(rows),
    matrix: { format: 'csr', numRows, numCols, starts, indices, values },
  };
}
