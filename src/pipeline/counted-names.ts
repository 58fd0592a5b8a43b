import type { GateProgram, Term } from '../sandbox/sql/model/program.ts';

/** The sum of the names behind a number of units of one type, where rows have units of another too. Source: gate.md §7 (values in the fingerprint). */
export function countedNames(program: GateProgram, term: Term): readonly Term[] {
  const unit = term.kind === 'unit' ? program.units[term.unit] : undefined;
  // Those of a joined list of units stand in no other reading of the rows.
  if (unit === undefined || unit.touching !== null || program.units.every(({ type }) => type === unit.type)) return [];
  return [hashTerm(unit.number, term.piece)];
}

/** Where the names behind a number of units are summed: index of that term, if there is one. Source: gate.md §7. */
export function namesIn(program: GateProgram, term: number): readonly number[] {
  const model = program.terms[term];
  const [wanted] = model === undefined ? [] : countedNames(program, model);
  return program.terms.flatMap((other, index) =>
    other.kind === 'value' && other.sql === (wanted?.kind === 'value' ? wanted.sql : null) && other.piece === wanted?.piece ? [index] : [],
  );
}

/** Sums the hashes of a column's values over the rows of a piece. Source: gate.md §7. */
export function hashTerm(sql: string, piece: number | null): Term {
  const hashed = `CASE WHEN ${sql} IS NOT NULL THEN CAST(hash(${sql}) % 1000003 AS BIGINT) END`;
  return { kind: 'value', piece, sql: hashed, factors: [], scale: 0, signs: 'nonnegative', nullable: true, sensitive: false };
}
