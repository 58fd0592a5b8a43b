import { createHash } from 'node:crypto';
import { quoteName } from '../../../catalog/identifier.ts';
import { seal } from '../../../kernel/stage.ts';
import type { OrderItem, Query } from '../ast.ts';
import { NOTHING_DROPPED } from '../model/condition.ts';
import type { GateProgram, PlainAnswer, Program, ProgramStage, Rewritten } from '../model/program.ts';
import { shownGate } from '../model/shown-gate.ts';
import { printQuery } from '../propose/print-query.ts';
import type { Compiled, CompiledQuery } from './compile.ts';

/**
 * The program that runs, and the canonical text that is shown and stored. Source: gate.md §3.5 (what runs is printed anew).
 */
export function rewrite(compiled: Compiled): Rewritten {
  const plain = plainAnswer(compiled.answer);
  const canonicalSql = canonicalText(compiled, plain);
  const program: Program = {
    canonicalSql,
    artefactHash: createHash('sha256')
      .update(JSON.stringify([canonicalSql, compiled.stages.map(identity)]), 'utf8')
      .digest('hex'),
    stages: compiled.stages,
    answer: '__answer',
    plain,
    columns: compiled.columns.map((column) => column.name),
  };
  return seal<'rewritten', Program>(program);
}

/** What makes two stages the same computation, whatever was measured of the version at hand. */
function identity(stage: ProgramStage): unknown {
  if (stage.kind === 'open') return printQuery(stage.query);
  const { from, where, pieces, keys, terms, outputs } = stage.gate;
  const functionals = outputs.map((output) => output.functional);
  const summands = terms.map((term) => ({
    kind: term.kind,
    piece: term.piece,
    of: 'sql' in term ? term.sql : term.kind === 'unit' ? term.unit : null,
  }));
  return {
    from,
    where: where?.text ?? null,
    pieces: pieces.map((piece) => piece.text),
    keys: keys.map((key) => key.sql),
    summands,
    functionals,
  };
}

/** The answer's columns of one gate where nothing is computed above it. */
function plainAnswer(query: Query): PlainAnswer | null {
  const { body, orderBy, limit, offset } = query;
  if (body.kind !== 'select' || limit !== null || offset !== null || !isList(orderBy)) return null;
  if (body.distinct || body.where !== null || body.grouping !== null || body.having !== null || body.qualify !== null) return null;
  if (body.from?.kind !== 'table' || !/^__g\d+$/.test(body.from.table)) return null;
  const columns = body.items.map((item) =>
    item.expression.kind === 'column' && item.expression.path.length === 1 ? (item.expression.path[0] ?? '') : '',
  );
  if (columns.some((name) => !/^__[ak]\d+$/.test(name))) return null;
  const order = orderBy.map((item) => {
    const { expression } = item;
    const byPosition = expression.kind === 'literal' && expression.type === 'integer' ? Number(expression.text) - 1 : -1;
    const name = expression.kind === 'column' && expression.path.length === 1 ? (expression.path[0] ?? '') : '';
    const byName = body.items.findIndex((other, index) => other.alias.toLowerCase() === name.toLowerCase() || columns[index] === name);
    return { column: byPosition >= 0 && byPosition < columns.length ? byPosition : byName, descending: item.descending, nulls: item.nulls };
  });
  if (order.some((item) => item.column < 0 || item.nulls !== 'default')) return null;
  return { gate: body.from.table, columns, order: order.map(({ column, descending }) => ({ column, descending })) };
}

function isList(orderBy: Query['orderBy']): orderBy is readonly OrderItem[] {
  return Array.isArray(orderBy);
}

/** One SELECT for a plain answer; otherwise the stages as tables of WITH and what is computed above them. */
function canonicalText(compiled: CompiledQuery, plain: PlainAnswer | null): string {
  const [first, ...others] = compiled.stages;
  if (plain !== null && first?.kind === 'gate' && others.length === 1) return plainText(first.gate, plain, compiled);
  const above = printQuery(compiled.answer);
  const inside = compiled.stages
    .slice(0, -1)
    .map((stage) => `${stage.name} AS (\n${stage.kind === 'gate' ? shownGate(stage.gate, NOTHING_DROPPED) : printQuery(stage.query)}\n)`);
  return inside.length === 0 ? above : `WITH ${inside.join(',\n')}\n${above}`;
}

function plainText(gate: GateProgram, plain: PlainAnswer, compiled: CompiledQuery): string {
  const columns = plain.columns.map((column, index) => ({ column, name: compiled.columns[index]?.name ?? column }));
  const order = plain.order.map((item) => `${quoteName(compiled.columns[item.column]?.name ?? '')}${item.descending ? ' DESC' : ''}`);
  return [shownGate(gate, NOTHING_DROPPED, columns), ...(order.length === 0 ? [] : [`ORDER BY ${order.join(', ')}`])].join('\n');
}
