import type { PipelinePort } from '../../src/operations/data-ports.ts';
import type { LedgerRow } from '../../src/pipeline.ts';
import { scriptedPipeline } from './operations-instance.ts';
import { keyedUnits, numbers, sketchOfUnits } from './unit-totals.ts';

const UNITS = keyedUnits(400, numbers(7));

/** A sum over some of 400 units, each with its total; the figure of the job `SELECT <name>`. */
export interface ScriptedFigure {
  readonly name: string;
  readonly total: (unit: number) => bigint;
}

/** One row with one figure, as a gate without keys would release it. */
export function rowOf({ name, total }: ScriptedFigure): LedgerRow {
  const totals = UNITS.map((_, unit) => total(unit));
  const sum = totals.reduce((all, value) => all + value, 0n);
  return {
    gate: 'g',
    rowsId: name,
    oneRow: true,
    keys: [],
    labels: [],
    answered: `SELECT ${name}`,
    figures: [
      {
        term: 'sum(income)',
        namespace: 'linear',
        family: 'income',
        total: { digits: sum, scale: 0 },
        value: null,
        isMagnitude: true,
        isOneSigned: true,
        outputs: [0],
        units: totals.filter((value) => value !== 0n).length,
        sketches: [{ unitType: 'person', sketch: sketchOfUnits(UNITS, (unit) => totals[unit] ?? 0n, 'fine') }],
      },
    ],
  };
}

/**
 * The scripted pipeline, which settles on real data the figures whose names stand in the SQL, with the real decision.
 * `around` may do something before, while or after that happens.
 */
export function pipelineOfFigures(
  figures: readonly ScriptedFigure[],
  around: (settle: () => Promise<void>) => Promise<void> = (settle) => settle(),
): PipelinePort {
  const usual = scriptedPipeline();
  return {
    ...usual,
    async answer(sql, context, ports, signal) {
      const asked = figures.filter(({ name }) => sql.split(' ').includes(name));
      const onIntent = async (): Promise<void> => {
        await ports.onIntent();
        const { ledger } = ports;
        if (ledger === null || asked.length === 0) return;
        await around(async () => {
          await ledger.settle(asked.map(rowOf));
        });
      };
      return usual.answer(sql, context, { ...ports, onIntent }, signal);
    },
  };
}
