import type { ProblemCode } from '../../../problems/catalogue.ts';
import { type FactsOf, type Problem, problem } from '../../../problems/problem.ts';
import type { Position } from '../ast.ts';

/** Thrown inside the compile stage only, and turned into problems at its edge. Source: gate.md §3.3, §4. */
export class Refused extends Error {
  readonly problem: Problem;
  constructor(refused: Problem) {
    super(refused.code);
    this.problem = refused;
  }
}

/** Ends the compilation with a problem of the catalogue. */
export function refuse<Code extends ProblemCode>(code: Code, facts: FactsOf<Code>): never {
  throw new Refused(problem(code, facts));
}

/** Ends the compilation for a construct outside the language. */
export function refuseConstruct(construct: string, at: Position): never {
  return refuse('sql.construct_refused', { construct, ...at });
}
