import { checkAcross } from './across.ts';
import { figuresOf, sumsOf } from './figures.ts';
import { judgeAnswer, judgeMeaning } from './judge-answer.ts';
import { judgeGate, type ReplacedFigure } from './judge-gate.ts';
import { explainReplaced } from './judge-replaced.ts';
import { type Source, sourceOfFigure, sourcesOf } from './known-figures.ts';
import type { MatchedCell } from './matched-cell.ts';
import { momentsOf } from './moments.ts';
import { checkMultiples } from './multiples.ts';
import type { OracleInput } from './oracle-input.ts';
import { checkProducts, type ReleasedFigures } from './proportional.ts';
import type { Released } from './released.ts';
import { checkFigure, checkRatio, checkTogether, type Figure, type Violation } from './safety.ts';
import { makeStages, readStages } from './stages.ts';
import { tagTables } from './tagged-tables.ts';
import { findVictim, victimSeen } from './victim.ts';

export interface Judgement {
  readonly violations: readonly Violation[];
  /** Gates whose texts the oracle cannot take apart: nothing is claimed for them. */
  readonly unjudged: number;
  readonly notes: readonly string[];
}

/**
 * Judges everything that was released in a case, together, from the texts that were really answered and the raw tables
 * alone. Imports nothing of the gate. Source: the conformance README.
 */
export async function judgeReleased(statements: readonly Released[], newest: OracleInput): Promise<Judgement> {
  const violations: Violation[] = [];
  const notes: string[] = [];
  const figures: Figure[] = [];
  const known: Source[] = [];
  const further: Source[] = [];
  const specials: MatchedCell[] = [];
  const rollUps: Figure[] = [];
  const gates: ReleasedFigures[] = [];
  let unjudged = 0;
  for (const [index, statement] of statements.entries()) {
    const input = statement.data === undefined ? newest : { ...newest, data: statement.data };
    await tagTables(input.catalog, input.data, input.wide);
    const replaced: ReplacedFigure[] = [];
    const staged = await readStages(statement.canonicalSql, input.data);
    await makeStages(
      staged,
      statement.gates.map((gate) => ({ name: gate.name, ...gate.table })),
      input.data,
    );
    for (const gate of statement.gates) {
      const judged = await judgeGate(gate, input);
      unjudged += judged.unjudged;
      violations.push(...judged.violations);
      const own = judged.cells.map((item) => figuresOf(item, `#${index + 1}${gate.name} `, input.catalog));
      for (const group of own) violations.push(...judgeCell(group, input));
      violations.push(...classDisclosure(judged.cells, input));
      const told = judged.cells.map((item, at) => momentsOf(item, own[at] ?? [], `#${index + 1}${gate.name} `));
      figures.push(...own.flat(), ...told.flat());
      gates.push({ cells: own, text: statement.canonicalSql, prefix: `#${index + 1}${gate.name} ` });
      rollUps.push(...sumsOf(own, `#${index + 1}${gate.name} `));
      rollUps.push(...sumsOf(told, `#${index + 1}${gate.name} `));
      known.push(...sourcesOf(judged.cells, own), ...sourcesOf(judged.cells, told));
      specials.push(...judged.cells);
      replaced.push(...judged.replaced);
    }
    for (const item of replaced) {
      const explained = explainReplaced(item, { known, further, specials, prefix: `#${index + 1} `, input });
      violations.push(...explained.violations);
      figures.push(...explained.figures);
      further.push(...explained.figures.map(sourceOfFigure));
    }
    for (const judged of [await judgeAnswer(statement, staged, input), await judgeMeaning(statement, input)]) {
      violations.push(...judged.violations);
      notes.push(...judged.notes);
    }
  }
  violations.push(
    ...checkTogether(figures, rollUps, newest.policy),
    ...checkAcross(figures, newest.policy),
    ...checkMultiples(figures, newest.policy),
    ...checkProducts(gates, newest.policy),
  );
  const victim = await findVictim(newest);
  if (victim !== null)
    violations.push(
      ...victimSeen(
        statements.filter((item) => item.gates.length > 0),
        victim,
      ),
    );
  return { violations, unjudged, notes };
}

function judgeCell(figures: readonly Figure[], { policy }: OracleInput): readonly Violation[] {
  // Units of a type that adds nothing to a figure of others are not in it.
  const isOfOthers = (figure: Figure): boolean =>
    figure.shares.size === 0 &&
    figures.some((other) => other.unitType !== figure.unitType && other.label === figure.label && other.shares.size >= policy.k);
  const found = figures.filter((figure) => !isOfOthers(figure)).flatMap((figure) => checkFigure(figure, policy));
  for (const [index, a] of figures.entries()) {
    for (const b of figures.slice(index + 1)) {
      if (a.unitType === b.unitType && a.family !== b.family && a.adds && b.adds) found.push(...checkRatio(a, b, policy));
    }
  }
  return found;
}

/** A released label of a sensitive column that everybody with the same other labels has. */
function classDisclosure(cells: readonly MatchedCell[], { catalog }: OracleInput): readonly Violation[] {
  const isSensitive = (column: string | null): boolean =>
    column !== null && Object.values(catalog).some((entry) => entry.columns?.[column] === 'sensitive');
  return cells.flatMap(({ recomputed, cell }) =>
    recomputed.shape.keys.flatMap((key, position): readonly Violation[] => {
      if (!isSensitive(key.column)) return [];
      const others = (labels: readonly (string | null)[]): string => JSON.stringify(labels.filter((_, at) => at !== position));
      const beside = recomputed.cells.filter((other) => others(other.labels) === others(cell.labels));
      return beside.length === 1 ? [{ rule: 'class-disclosure', text: `everybody in ${cell.labels.join(' · ')}` }] : [];
    }),
  );
}
