import { modeRules, supportRule } from '../../egress/special-rules.ts';
import type { Functional } from '../../sandbox/sql/model/program.ts';
import type { SpecialArgument } from '../../sandbox/sql/statements/special/special-rows.ts';
import {
  distinctStatement,
  EXTREME_COLUMNS,
  extremeStatement,
  MODE_COLUMNS,
  MODE_UNIT_COLUMNS,
  modeStatement,
} from '../../sandbox/sql/statements/special/support-statement.ts';
import { MalformedAnswer } from '../read-evidence.ts';
import { type Answers, ofUnit, onlyCells, type SpecialAnswer, type SpecialContext, type UnitRule, withheld } from './context.ts';
import { asCount, asValue, specialRows } from './read-special.ts';

type Valued = Extract<Functional, { readonly kind: 'mode' | 'distinct' }>;

function argumentOf(functional: Pick<Valued, 'piece' | 'value'>): SpecialArgument {
  return { piece: functional.piece, column: functional.value };
}

/** How many values k units of every type have; the others are not counted. Source: gate.md §5 (count(DISTINCT x)). */
export async function distinctAnswers(context: SpecialContext, functional: Valued): Promise<Answers> {
  const { program, variant, policy, run } = context;
  const rows = specialRows(program, await run(distinctStatement(program, variant, argumentOf(functional), policy.k)), 1);
  // A value that is counted has k units of every type, and none is told.
  const rules = program.units.flatMap((unit) => ofUnit([supportRule(policy.k, 'units', policy)], unit.type));
  return new Map([...context.cells.keys()].map((name) => [name, { value: asCount(rows.get(name)?.values[0] ?? null), rules }]));
}

/** The value that most units have. Source: gate.md §5 (mode with support ≥ k), sql-gate.md §7.3 rule 6. */
export async function modeAnswers(context: SpecialContext, functional: Valued): Promise<Answers> {
  const { program, variant, policy, run } = context;
  const rows = specialRows(
    program,
    await run(modeStatement(program, variant, argumentOf(functional))),
    MODE_COLUMNS + MODE_UNIT_COLUMNS * program.units.length,
  );
  const answers = [...context.cells.keys()].map((name): [string, SpecialAnswer] => {
    const values = rows.get(name)?.values;
    if (values === undefined) return [name, withheld(context)];
    const rules = program.units.flatMap((unit, index) => {
      const [all, same] = values.slice(MODE_COLUMNS + index * MODE_UNIT_COLUMNS).map(asCount);
      if (all === undefined || same === undefined || same > all) throw new MalformedAnswer('More units have one value than any');
      return ofUnit(modeRules(same, all, functional.value.sensitive, policy), unit.type);
    });
    return [name, { value: asValue(values[0]), rules }];
  });
  return new Map(answers);
}

/** Least or greatest value of a public column, with k units behind that very value. Source: gate.md §5 (min/max of public columns). */
export async function extremeAnswers(
  context: SpecialContext,
  functional: Pick<Valued, 'piece' | 'value'>,
  end: 'min' | 'max',
): Promise<Answers> {
  const { program, variant, policy, run } = context;
  const argument = argumentOf(functional);
  const found = new Map<string, { readonly value: SpecialAnswer['value']; readonly rules: UnitRule[] }>();
  for (const [index, unit] of program.units.entries()) {
    const buckets = specialRows(program, await run(extremeStatement(program, index, 'bucket', variant, argument, end)), EXTREME_COLUMNS);
    const open = [...buckets].flatMap(([name, row]) => (asCount(row.values[1]) < policy.k ? [name] : []));
    const statement = extremeStatement(program, index, 'unit', onlyCells(context, open), argument, end);
    const exact = open.length === 0 ? buckets : specialRows(program, await run(statement), EXTREME_COLUMNS);
    const settled = new Set(open);
    for (const [name, row] of buckets) {
      const units = asCount((settled.has(name) ? exact.get(name) : row)?.values[1] ?? null);
      const known = found.get(name) ?? { value: asValue(row.values[0]), rules: [] };
      found.set(name, { ...known, rules: [...known.rules, ...ofUnit([supportRule(units, 'units', policy)], unit.type)] });
    }
  }
  const complete = (answer: SpecialAnswer | undefined): answer is SpecialAnswer =>
    answer !== undefined && answer.rules.length === program.units.length;
  return new Map(
    [...context.cells.keys()].map((name) => {
      const answer = found.get(name);
      return [name, complete(answer) ? answer : withheld(context)];
    }),
  );
}
