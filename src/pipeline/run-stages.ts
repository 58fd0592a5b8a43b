import { type DisclosureMode, EXACT } from '../catalog/disclosure-mode.ts';
import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { type Assessed, assess } from '../egress/assess.ts';
import { type Decided, decide, labelOf, sortRows } from '../egress/decide.ts';
import type { KeyValue } from '../egress/executed.ts';
import type { LinearSolver } from '../egress/ledger/feasibility.ts';
import type { QueryRows } from '../sandbox/enclave/port.ts';
import type { PlainAnswer, Rewritten } from '../sandbox/sql/model/program.ts';
import { inMode } from './apply-mode.ts';
import type { RunStatement } from './enclave-fault.ts';
import { type ExecutedGate, executeGate } from './execute-gate.ts';
import { fillInGate, openSql, type StageRows } from './instantiate.ts';
import { forgetRows } from './keep-rows.ts';
import { termsAhead } from './ledger-figures.ts';
import type { LedgerPort } from './ledger-port.ts';
import { settleWithLedger } from './ledger-step.ts';
import { mergeableGate, mergedRow, withMergedRow } from './merged-row.ts';
import { type PrivateSetting, rhoPerFigure, runPrivateGate } from './private/run-private.ts';
import { MalformedAnswer } from './read-evidence.ts';
import { wholeGroups } from './whole-groups.ts';

export interface StagesRun {
  readonly answer: StageRows;
  /** In the order in which they ran. */
  readonly gates: readonly { readonly name: string; readonly decided: Decided }[];
}

/** What runs beside the data: none of it for exact figures of simulation data. */
export interface RunAround {
  readonly ledger?: LedgerPort | null;
  readonly mode?: DisclosureMode;
  /** For intervals of withheld cells. */
  readonly solver?: LinearSolver | null;
  /** Set under differential privacy. */
  readonly privacy?: PrivateSetting | null;
  /** Whether withheld rows are merged into one where that is safe: the owner's choice. */
  readonly merge?: boolean;
}

/**
 * Runs the stages of a program one after the other in one worker: a gate is executed, assessed and decided before
 * anything that rests on it sees a value; what stands above sees released cells only. Where there is a ledger, whatever
 * passes is compared with everything released before. Under differential privacy gates draw noise instead.
 * Source: gate.md §4 (every other inner SELECT is a gate of its own).
 */
export async function runStages(
  program: Rewritten,
  policy: DisclosurePolicy,
  run: RunStatement,
  around: RunAround = {},
): Promise<StagesRun> {
  try {
    return await everyStage(program, policy, run, around);
  } finally {
    await forgetRows(run);
  }
}

async function everyStage(
  program: Rewritten,
  policy: DisclosurePolicy,
  run: RunStatement,
  { ledger = null, mode = EXACT, privacy = null, solver = null, merge = false }: RunAround,
): Promise<StagesRun> {
  const rho = privacy === null ? 0 : rhoPerFigure(program, privacy);
  const results = new Map<string, StageRows>();
  const merging = merge ? { name: mergeableGate(program), policy } : null;
  const gates: { readonly name: string; readonly decided: Decided }[] = [];
  const assessed: Assessed[] = [];
  let waiting: ExecutedGate[] = [];
  for (const [index, stage] of program.stages.entries()) {
    if (stage.kind === 'gate' && privacy !== null) {
      const decided = await runPrivateGate(fillInGate(stage.gate, results), privacy, rho, run);
      gates.push({ name: stage.name, decided });
      results.set(stage.name, decided.table);
    } else if (stage.kind === 'gate') {
      const { bundle } = stage.gate;
      waiting.push(await executeGate(stage.name, fillInGate(stage.gate, results), policy, run, ledger === null ? null : termsAhead));
      const isLast = !program.stages.slice(index + 1).some((other) => other.kind === 'gate' && other.gate.bundle === bundle);
      if (!isLast) continue;
      const together = waiting.filter(({ executed }) => executed.shape.bundle === bundle);
      waiting = waiting.filter(({ executed }) => executed.shape.bundle !== bundle);
      const own = assess(
        together.map(({ executed }) => executed),
        assessed,
        policy,
        solver,
      );
      for (const gate of await kept(together, own, { ledger, mode, merging, k: policy.k }, run)) {
        const { wholeBy } = together.find(({ executed }) => executed.shape.name === gate.shape.name)?.program ?? {};
        const decided = wholeBy === undefined ? decide(gate) : wholeGroups(decide(gate), gate, wholeBy);
        assessed.push(gate);
        gates.push({ name: gate.shape.name, decided });
        results.set(gate.shape.name, decided.table);
      }
    } else if (program.plain === null || stage.name !== program.answer) {
      results.set(stage.name, readRows(await run(openSql(stage, results))));
    }
  }
  const answer = program.plain === null ? results.get(program.answer) : plainAnswer(program.plain, results);
  if (answer === undefined) throw new Error('A program without an answer');
  return {
    answer: {
      columns: answer.columns.map((column, index) => ({ ...column, name: program.columns[index] ?? column.name })),
      rows: answer.rows,
    },
    gates,
  };
}

interface Keeping {
  readonly ledger: LedgerPort | null;
  readonly mode: DisclosureMode;
  readonly k: number;
  /** The gate whose withheld rows are merged, if any. */
  readonly merging: { readonly name: string | null; readonly policy: DisclosurePolicy } | null;
}

/** The gates of a SELECT as far as the ledger lets them stand, in the mode of the data, with what is merged of their rows. */
async function kept(
  gates: readonly ExecutedGate[],
  assessed: readonly Assessed[],
  { ledger, mode, merging, k }: Keeping,
  run: RunStatement,
): Promise<readonly Assessed[]> {
  const isChanged = mode.kind === 'rounded' || mode.kind === 'cell-key';
  if (ledger === null && !isChanged && merging === null) return assessed;
  const pairs = gates.map((gate) => {
    const own = assessed.find((item) => item.shape.name === gate.executed.shape.name);
    if (own === undefined) throw new Error('A gate that was not assessed');
    return { gate, assessed: own };
  });
  const whole = merging === null ? undefined : pairs.find((pair) => pair.assessed.shape.name === merging.name);
  const merged = whole === undefined || merging === null ? null : await mergedRow(whole, merging.policy, run);
  const all = merged === null ? pairs : [...pairs, merged];
  const settled = await settleWithLedger(all, ledger, k, run);
  const told = isChanged
    ? inMode(
        all.map((pair) => pair.gate),
        settled,
        mode,
      )
    : settled.map((gate) => gate.assessed);
  const [rest] = merged === null ? [] : told.slice(pairs.length);
  return told
    .slice(0, pairs.length)
    .map((gate, index) => (merged !== null && rest !== undefined && pairs[index] === whole ? withMergedRow(gate, merged, rest) : gate));
}

function readRows(rows: QueryRows): StageRows {
  const types = rows.columns.map((column) => column.type);
  return {
    columns: rows.columns,
    rows: rows.rows.map((row) =>
      row.map((value, index): KeyValue => {
        if (typeof value === 'object' && value !== null) throw new MalformedAnswer('A value is a list');
        return labelOf(value as KeyValue, types[index] ?? '');
      }),
    ),
  };
}

/** The columns of a gate in another order, sorted: nothing is computed, so no engine is asked. */
function plainAnswer(plain: PlainAnswer, results: ReadonlyMap<string, StageRows>): StageRows {
  const gate = results.get(plain.gate);
  if (gate === undefined) throw new Error('A plain answer without its gate');
  const places = plain.columns.map((name) => gate.columns.findIndex((column) => column.name === name));
  const columns = places.map((place) => gate.columns[place] ?? { name: '', type: 'VARCHAR' });
  const rows = gate.rows.map((row) => places.map((place) => row[place] ?? null));
  return { columns, rows: sortRows(rows, columns, plain.order) };
}
