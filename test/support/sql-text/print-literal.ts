import type { Expression } from '../../../src/sandbox/sql/ast.ts';
import type { Speller } from './speller.ts';

type Constant = Extract<Expression, { readonly kind: 'literal' | 'interval' }>;

/** Between marks, which are doubled inside. */
export function quoted(text: string, mark: string): string {
  return `${mark}${text.replaceAll(mark, mark + mark)}${mark}`;
}

export function printLiteral(item: Constant, spell: Speller): string {
  if (item.kind === 'interval') return printInterval(item.amount, item.unit, spell);
  const { text } = item;
  const cast = (type: string) =>
    spell.one(`${spell.word(type)} '${text}'`, `${spell.word('cast')}('${text}' as ${type})`, `'${text}'::${type}`);
  switch (item.type) {
    case 'integer':
      return number(text, spell);
    case 'decimal':
      return number(spell.one(text, `${text}0`), spell);
    case 'double':
      return number(Number(text).toExponential(), spell);
    case 'string':
      return quoted(text, "'");
    case 'boolean':
      return spell.word(text);
    case 'null':
      return spell.word('null');
    case 'date':
      return cast('date');
    case 'timestamp':
      return cast('timestamp');
  }
}

function number(text: string, spell: Speller): string {
  return text.startsWith('-') ? spell.one(text, `- ${text.slice(1)}`, `-(${text.slice(1)})`) : spell.one(text, `+${text}`, `(${text})`);
}

function printInterval(amount: number, unit: string, spell: Speller): string {
  const plural = spell.one(unit, `${unit}s`);
  const plain = amount < 0 ? `(${amount})` : spell.one(`${amount}`, `(${amount})`);
  return spell.one(
    `${spell.word('interval')} '${amount}' ${spell.word(unit)}`,
    `${spell.word('interval')} ${plain} ${spell.word(plural)}`,
    `${spell.word('interval')} '${amount} ${plural}'`,
    `'${amount} ${plural}'::${spell.word('interval')}`,
    `${spell.word(`to_${unit}s`)}(${amount})`,
  );
}
