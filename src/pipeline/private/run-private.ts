import type { Dataset } from '../../catalog/dataset.ts';
import type { PrivateMode } from '../../catalog/disclosure-mode.ts';
import { type Decided, type Decision, sortRows } from '../../egress/decide.ts';
import type { KeyValue } from '../../egress/executed.ts';
import { deviationOf, privateNoise } from '../../egress/modes/private-noise.ts';
import { type Decimal, integer } from '../../kernel/decimal.ts';
import type { ExactChance } from '../../kernel/exact-chance.ts';
import { seal } from '../../kernel/stage.ts';
import type { GateProgram, Rewritten } from '../../sandbox/sql/model/program.ts';
import { type PrivateColumn, privateStatement } from '../../sandbox/sql/statements/private-statement.ts';
import type { RunStatement } from '../enclave-fault.ts';
import { figureOf } from '../figures.ts';
import { MalformedAnswer } from '../read-evidence.ts';
import { type PrivatePlan, privatePlan } from './private-plan.ts';

/** What gates under differential privacy need besides the worker. */
export interface PrivateSetting {
  readonly mode: PrivateMode;
  readonly dataset: Dataset;
  readonly chance: ExactChance;
}

/** The part of a query's ρ that each figure of its gates may use. Source: gate.md §8; zCDP composes by addition. */
export function rhoPerFigure(program: Rewritten, { mode, dataset }: Pick<PrivateSetting, 'mode' | 'dataset'>): number {
  const figures = program.stages.flatMap((stage) => {
    if (stage.kind !== 'gate') return [];
    return [...plannedOrThrow(stage.gate, dataset, mode).columns.keys()];
  });
  return mode.rhoPerQuery / Math.max(1, figures.length);
}

/**
 * One gate under differential privacy: clipped totals of every cell that the labels make, with noise, empty or not. No
 * cell is withheld and nothing is compared with earlier releases: the noise is what protects. The exact totals go no
 * further than this function. Throws what the worker throws, and where the gate is not one that admission let in.
 * Source: gate.md §8.
 */
export async function runPrivateGate(program: GateProgram, setting: PrivateSetting, rho: number, run: RunStatement): Promise<Decided> {
  const { mode, dataset, chance } = setting;
  const plan = plannedOrThrow(program, dataset, mode);
  const terms = [...plan.columns];
  const answer = await run(
    privateStatement(
      program,
      terms.map(([, column]) => column),
      plan.bounds,
    ),
  );
  const width = program.keys.length;
  const totals = new Map(answer.rows.map((row) => [nameOf(row.slice(0, width)), row.slice(width)]));
  const noise = terms.map(([, column]) => privateNoise(mode.noise, sensitivityOf(column, plan), rho, chance));
  const columns = [
    ...program.keys.map((_, index) => ({ name: `__k${index}`, type: answer.columns[index]?.type ?? 'VARCHAR' })),
    ...program.outputs.map(({ name, type }) => ({ name, type })),
  ];
  const rows = plan.labels.map((labels) => {
    const own = totals.get(nameOf(labels));
    const noisy = new Map(
      terms.map(([term, column], index): readonly [number, Decimal] => {
        const digits = wholeOf(own?.[index]) + (noise[index]?.() ?? 0n);
        return [term, { digits, scale: column.kind === 'value' ? column.scale : 0 }];
      }),
    );
    return [...labels, ...valuesOf(program, noisy)];
  });
  return seal<'decided', Decision>({ ...NOTHING_WITHHELD, table: { columns, rows: sortRows(rows, columns, []) } });
}

const NOTHING_WITHHELD: Omit<Decision, 'table'> = {
  withheldRows: 0,
  withheldCells: 0,
  publicLabelsWithheld: 0,
  reasons: [],
  answered: [],
  replaced: [],
  looked: [],
  drops: [],
  merged: [],
};

/** What noise the figures of a query have, in words, each once: all of it may be known. Source: gate.md §8. */
export function noiseTexts(program: Rewritten, setting: Pick<PrivateSetting, 'mode' | 'dataset'>): readonly string[] {
  const rho = rhoPerFigure(program, setting);
  const texts = program.stages.flatMap((stage) => {
    if (stage.kind !== 'gate') return [];
    const plan = plannedOrThrow(stage.gate, setting.dataset, setting.mode);
    return [...plan.columns.values()].map((column) => {
      const steps = deviationOf(setting.mode.noise, sensitivityOf(column, plan), rho);
      const deviation = column.kind === 'value' ? steps / 10 ** column.scale : steps;
      return `${column.kind}: discrete ${setting.mode.noise} noise of standard deviation ${deviation.toPrecision(3)}`;
    });
  });
  return [...new Set(texts)];
}

function plannedOrThrow(program: GateProgram, dataset: Dataset, mode: PrivateMode): PrivatePlan {
  const plan = privatePlan(program, dataset, mode);
  if (typeof plan === 'string') throw new Error('A gate that is not answered under differential privacy');
  return plan;
}

function sensitivityOf(column: PrivateColumn, { bounds, labels }: PrivatePlan): { readonly perCell: number; readonly cells: number } {
  const cells = Math.min(bounds.cellsPerUnit, labels.length);
  if (column.kind === 'unit') return { perCell: 1, cells };
  if (column.kind !== 'value') return { perCell: bounds.rowsPerCell, cells };
  const largest = Math.max(-Number(column.low), Number(column.high));
  return { perCell: bounds.rowsPerCell * largest, cells };
}

function nameOf(labels: readonly unknown[]): string {
  return JSON.stringify(labels.map(String));
}

function wholeOf(value: unknown): bigint {
  if (value === null || value === undefined) return 0n;
  if (typeof value !== 'string' && typeof value !== 'number') throw new MalformedAnswer('A total is no number');
  if (!/^-?\d+$/.test(String(value))) throw new MalformedAnswer('A total is no whole number');
  return BigInt(value);
}

function valuesOf(program: GateProgram, noisy: ReadonlyMap<number, Decimal>): readonly KeyValue[] {
  const answers = program.terms.map((term, index) => {
    const total = noisy.get(index) ?? integer(0);
    // A sum of no rows is told like any other: there is no NULL that would tell of it.
    return term.kind === 'value' ? { count: integer(1), sum: total } : { count: total, sum: null };
  });
  const figures = { key: [], name: '', answers };
  return program.outputs.map((output) => {
    const { functional } = output;
    // Noise may leave no rows to divide by.
    if (functional.kind === 'avg' && (noisy.get(functional.count)?.digits ?? 0n) <= 0n) return null;
    return figureOf(output, figures, () => false);
  });
}
