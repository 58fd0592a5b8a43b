import type { Requirement } from '../egress/evidence.ts';
import type { Functional, GateProgram } from '../sandbox/sql/model/program.ts';

/** Whether the gate also gives a number of units that can have several rows. */
function countsUnits(program: GateProgram): boolean {
  return program.terms.some((term) => term.kind === 'unit' && program.units[term.unit]?.oneRow !== true);
}

/** The terms that a column of the gate rests on. */
export function termsOf(functional: Functional): readonly number[] {
  switch (functional.kind) {
    case 'count':
    case 'sum':
      return functional.parts.map((part) => part.term);
    case 'avg':
      return [...functional.parts.map((part) => part.term), functional.count];
    case 'boolean':
      return [functional.all];
    default:
      return functional.terms;
  }
}

/** Whether a figure is no combination of counts and sums. */
export function isSpecial(functional: Functional): boolean {
  return !['count', 'sum', 'avg', 'boolean'].includes(functional.kind);
}

/** What a column asks of every term it rests on, factors of products among them. */
export function requirementsOf(program: GateProgram, functional: Functional): readonly Requirement[] {
  const unitsAreCounted = countsUnits(program);
  const direct = [...new Set(termsOf(functional))];
  const withFactors = new Set([
    ...direct,
    ...direct.flatMap((index) => {
      const term = program.terms[index];
      return term?.kind === 'value' ? term.factors : [];
    }),
  ]);
  return [...withFactors].map((index) => {
    const term = program.terms[index];
    if (term === undefined) throw new Error('A column without a term');
    const sensitive = term.kind === 'value' && term.sensitive;
    return { term: index, kind: term.kind, sensitive, unitsAreCounted: unitsAreCounted && term.kind !== 'unit' };
  });
}
