import type { Table } from '../../../catalog/dataset.ts';
import type { Problem } from '../../../problems/problem.ts';
import type { Query } from '../ast.ts';
import { bareArgument, innerQuantile, meantFunction, otherAggregate, plainAggregate } from './aggregates.ts';
import { dropRefused } from './drop.ts';
import { perUnitFirst } from './fan-out.ts';
import { coarserKey, countedBins, groupedRows, settledColumn, wholeBins } from './keys.ts';
import { fittingLiteral } from './literals.ts';
import { meantName, ownNames, qualifiedName } from './names.ts';
import { alignedSet, groupedWindow, numberedRows, wholeRows } from './shape.ts';
import { type Edit, type Refusal, type Rule, refusalOf } from './site.ts';
import { queriesIn, standsAt, swapNodes } from './tree.ts';
import { withoutUnits } from './units.ts';

/** In the order in which they are tried: what keeps most of the meaning first, leaving out last. */
const RULES: readonly Rule[] = [
  ...[meantName, qualifiedName, ownNames, fittingLiteral, meantFunction],
  ...[numberedRows, wholeRows, innerQuantile, plainAggregate, bareArgument, countedBins, otherAggregate, groupedWindow, perUnitFirst],
  ...[groupedRows, withoutUnits, wholeBins, coarserKey, settledColumn, dropRefused],
];
const MAX_PROPOSALS = 12;
/** Refused as a whole: the place says nothing of what to change. */
const WHOLE = /^(more than|condition that no row|table without a unit|queries nested)/;
const OF_SETS = /^(union|except|intersect)( all)? of/i;

/** A query as it might be instead, and in plain words what differs: `label: SQL`, labels of `SQL_CHANGES`. */
export type Proposal = Edit;

/**
 * Candidates for a query near a refused one, nearest first, by the code and the place of the refusal. Each mends one
 * refused part; whether it passes is for admission to say. Depends on query and catalogue only, never on rows.
 *
 * @param tables  what the grant names: nothing else appears in a proposal.
 * Source: gate.md §3 (a refusal says how to rewrite), §5.
 */
export function proposals(query: Query, problem: Problem, tables: readonly Table[]): readonly Proposal[] {
  const refusal = refusalOf(problem);
  if (refusal === undefined || WHOLE.test(refusal.construct)) return [];
  const sites = queriesIn(query).filter((inner) => standsAt(inner, refusal.at));
  const found = sites.flatMap((inner, index) => {
    // Around the query that is refused, the only help is to leave that query out.
    const edits = editsOf(inner, refusal, tables, index === 0 ? RULES : [dropRefused]);
    return edits.map((edit): Proposal => ({ ...edit, query: swapNodes(query, new Map([[inner, edit.query]])) }));
  });
  const own = JSON.stringify(query);
  const texts = found.map((item) => JSON.stringify(item.query));
  return found.filter((_, index) => texts[index] !== own && texts.indexOf(texts[index] ?? '') === index).slice(0, MAX_PROPOSALS);
}

function editsOf(query: Query, refusal: Refusal, tables: readonly Table[], rules: readonly Rule[]): readonly Edit[] {
  const { body } = query;
  if (body.kind !== 'select') return OF_SETS.test(refusal.construct) ? alignedSet(query, body) : [];
  if (OF_SETS.test(refusal.construct)) return [];
  return rules.flatMap((rule) => rule({ query, select: body, refusal, tables }));
}
