import type { Expression } from '../ast.ts';
import { isDateText } from '../read/literal.ts';
import { literalOf, type Rule, replaced } from './site.ts';
import { expressionsIn, standsAt, swapNodes } from './tree.ts';

type Literal = Extract<Expression, { readonly kind: 'literal' }>;

/** A literal of another type is written in the column's, dates to the day. Source: gate.md §5 (predicates). */
export const fittingLiteral: Rule = ({ query, refusal }) => {
  const isTime = refusal.use === 'compare with a time of day';
  if (refusal.code !== 'sql.literal_type' && !isTime) return [];
  const parts = expressionsIn(query).filter((part) => standsAt(part, refusal.at));
  const wanted = isTime ? 'DATE' : refusal.type;
  return parts
    .flatMap((part) => expressionsIn(part))
    .filter((part) => part.kind === 'literal')
    .slice(0, 1)
    .flatMap((literal) =>
      spelled(literal, wanted).map((after) => ({
        query: swapNodes(query, new Map([[literal, after]])),
        changes: [replaced(literal, after)],
      })),
    );
};

function spelled(literal: Literal, type: string): readonly Expression[] {
  const { text, at } = literal;
  if (/^(DATE|TIMESTAMP)/.test(type)) return isDateText(text.slice(0, 10)) ? [literalOf('date', text.slice(0, 10), at)] : [];
  if (/CHAR/.test(type)) return [literalOf('string', text, at)];
  if (/^BOOL/.test(type)) return [];
  return /^-?\d{1,15}(\.\d{1,6})?$/.test(text) ? [literalOf(text.includes('.') ? 'decimal' : 'integer', text, at)] : [];
}
