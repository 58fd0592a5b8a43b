import { quoteName } from '../../../catalog/identifier.ts';
import { printTemplate, type Reduction } from './condition.ts';
import type { GateProgram } from './program.ts';

/** A column of a gate and what it is called above it. */
export interface ShownColumn {
  /** `__k0` or `__a0`. */
  readonly column: string;
  readonly name: string;
}

/**
 * A gate as people are shown it, without what was dropped: one SELECT that any reader of the same tables can run.
 *
 * @param columns  which columns, in which order, under which names; all of them under their own where it is left out.
 * Source: gate.md §3.5 (the rounded query is what is shown, run and stored).
 */
export function shownGate(gate: GateProgram, reduction: Reduction, columns?: readonly ShownColumn[]): string {
  const print = (template: GateProgram['from']): string => printTemplate(template, reduction, 'shown');
  const written = new Map([
    ...gate.keys.map((key, index): [string, string] => [`__k${index}`, key.name]),
    ...gate.outputs.map((output): [string, string] => [output.name, print(output.shown)]),
  ]);
  const chosen = columns ?? [...written.keys()].map((name): ShownColumn => ({ column: name, name }));
  const items = chosen.map((item) => `${written.get(item.column) ?? 'NULL'} AS ${quoteName(item.name)}`);
  const where = gate.where === null ? 'TRUE' : print([gate.where]).replace(/^\((.*)\)$/s, gate.where.kind === 'and' ? '$1' : '($1)');
  const places = gate.keys.map((_, index) => chosen.findIndex((item) => item.column === `__k${index}`));
  const groupBy = gate.keys.map((key, index) => ((places[index] ?? -1) >= 0 ? String((places[index] ?? 0) + 1) : key.name));
  return [
    `SELECT ${items.join(', ')}`,
    `FROM ${print(gate.shownFrom)}`,
    ...(where === 'TRUE' ? [] : [`WHERE ${where}`]),
    ...(groupBy.length === 0 ? [] : [`GROUP BY ${groupBy.join(', ')}`]),
  ].join('\n');
}
