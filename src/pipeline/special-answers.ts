import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import type { Functional, GateProgram } from '../sandbox/sql/model/program.ts';
import type { Variant } from '../sandbox/sql/statements/relation.ts';
import { figureOf } from '../sandbox/sql/statements/special/figure.ts';
import { PROFILE_COLUMNS, profileStatement, type SpecialArgument, typesStatement } from '../sandbox/sql/statements/special/special-rows.ts';
import type { RunStatement } from './enclave-fault.ts';
import { keyTypes } from './read-evidence.ts';
import type { Answers, SpecialAnswer, SpecialCell, SpecialContext } from './special/context.ts';
import { withheld } from './special/context.ts';
import { productAnswers } from './special/products.ts';
import { rankAnswers } from './special/ranks.ts';
import { asCount, asDecimal, specialRows } from './special/read-special.ts';
import { distinctAnswers, extremeAnswers, modeAnswers } from './special/supports.ts';

export type { SpecialAnswer };

type Special = Extract<Functional, { readonly kind: 'moment' | 'pair' | 'quantile' | 'mode' | 'distinct' }>;

/**
 * Figures and additional rules of the aggregates that are no sums, by output of the program and by cell name, for every
 * cell that has a row under the variant. Rules are decided (pass or fail), for every unit instance. A cell that cannot
 * be computed (figures so far apart that their products fit no sum, a column that is no exact number) is withheld.
 *
 * Does not check the terms of an aggregate (k contributors, NULL complement, value classes, dominance on Σ|x|), the cap
 * on functionals, or the ledger. Throws EnclaveFault or MalformedAnswer. Source: gate.md §5 (aggregates), §6.
 */
export async function specialAnswers(
  program: GateProgram,
  variant: Variant,
  policy: DisclosurePolicy,
  run: RunStatement,
): Promise<ReadonlyMap<number, ReadonlyMap<string, SpecialAnswer>>> {
  const asked = new Map(program.outputs.flatMap(({ functional }, index) => (isSpecial(functional) ? [[index, functional] as const] : [])));
  if (asked.size === 0) return new Map();
  const context = await profile(program, variant, policy, run, [...asked.values()].flatMap(argumentsOf));
  const nobody = new Map([...context.cells.keys()].map((name) => [name, withheld(context)]));
  const answers = new Map<number, Answers>([...asked.keys()].map((index) => [index, nobody]));
  if (program.units.length === 0) return answers;
  for (const [index, found] of await productAnswers(
    context,
    new Map([...asked].flatMap(([index, item]) => (isFitted(item) ? [[index, item] as const] : []))),
  ))
    answers.set(index, found);
  for (const [index, functional] of asked) {
    if (functional.kind === 'distinct') answers.set(index, await distinctAnswers(context, functional));
    if (functional.kind === 'mode') answers.set(index, await modeAnswers(context, functional));
    if (functional.kind !== 'quantile') continue;
    const isPublicEnd = functional.value.open && (functional.name === 'min' || functional.name === 'max');
    answers.set(
      index,
      isPublicEnd
        ? await extremeAnswers(context, functional, functional.name === 'min' ? 'min' : 'max')
        : await rankAnswers(context, functional),
    );
  }
  return answers;
}

function isSpecial(functional: Functional): functional is Special {
  return ['moment', 'pair', 'quantile', 'mode', 'distinct'].includes(functional.kind);
}

function isFitted(functional: Special): functional is Extract<Special, { readonly kind: 'moment' | 'pair' }> {
  return functional.kind === 'moment' || functional.kind === 'pair';
}

function argumentsOf(functional: Special): readonly SpecialArgument[] {
  const columns = functional.kind === 'pair' ? [functional.x, functional.y] : [functional.value];
  return columns.map((column) => ({ piece: functional.piece, column }));
}

/** Types of the arguments, and how many rows and which ends each has in each cell. */
async function profile(
  program: GateProgram,
  variant: Variant,
  policy: DisclosurePolicy,
  run: RunStatement,
  asked: readonly SpecialArgument[],
): Promise<SpecialContext> {
  const names = asked.map((item) => JSON.stringify([item.piece, item.column.sql]));
  const arguments_ = asked.filter((_, index) => names.indexOf(names[index] ?? '') === index);
  const types = (await run(typesStatement(program, variant, arguments_))).columns.map((column) => column.type);
  const figures = arguments_.map((_, index) => figureOf(types[index] ?? ''));
  const rows = await run(profileStatement(program, variant, arguments_, types));
  const found = specialRows(program, rows, PROFILE_COLUMNS * arguments_.length);
  const cells = [...found].map(([name, row]): [string, SpecialCell] => {
    const profiles = arguments_.map((_, index) => {
      const [count, least, greatest] = row.values.slice(index * PROFILE_COLUMNS);
      return { rows: asCount(count), least: asDecimal(least), greatest: asDecimal(greatest) };
    });
    return [name, { key: row.key, arguments: profiles }];
  });
  return { program, variant, policy, run, cells: new Map(cells), keyTypes: keyTypes(program, rows), arguments: arguments_, figures };
}
