import type { SqlTemplate } from '../model/condition.ts';
import type { Functional, Part } from '../model/program.ts';
import { shownColumn } from './scope.ts';
import type { TermTable } from './terms.ts';
import type { UnitClass } from './units.ts';

/** A column of a gate as people are shown it: the normal form that is computed, pieces as FILTER. Source: gate.md §3.5. */
export function shownFunctional(functional: Functional, table: TermTable, units: readonly UnitClass[]): SqlTemplate {
  const filter = (piece: number | null): SqlTemplate => {
    const condition = piece === null ? undefined : table.pieces[piece];
    return condition === undefined ? [] : [' FILTER (WHERE ', condition, ')'];
  };
  const counted = (index: number): SqlTemplate => {
    const term = table.terms[index];
    const piece = filter(term?.piece ?? null);
    if (term?.kind === 'unit') return [`count(DISTINCT ${unitName(units[term.unit])})`, ...piece];
    return [`count(${table.shown(index) === '' ? '*' : table.shown(index)})`, ...piece];
  };
  const summed =
    (name: string) =>
    (index: number): SqlTemplate => {
      const term = table.terms[index];
      return term?.kind === 'value' ? [`${name}(${table.shown(index)})`, ...filter(term.piece)] : counted(index);
    };
  switch (functional.kind) {
    case 'count':
      return parts(functional.parts, counted);
    case 'sum':
      return parts(functional.parts, summed('sum'));
    case 'avg': {
      const [only, ...more] = functional.parts;
      if (only !== undefined && more.length === 0 && only.factor === '1' && isOfSameRows(only.term, functional.count, table))
        return summed('avg')(only.term);
      return ['(', ...parts(functional.parts, summed('sum')), ') / ', ...counted(functional.count)];
    }
    case 'boolean': {
      const condition = table.pieces[table.terms[functional.term]?.piece ?? -1];
      return [`${functional.name}(`, condition ?? 'TRUE', ')', ...filter(table.terms[functional.all]?.piece ?? null)];
    }
    case 'pair':
      return [`${functional.name}(${functional.y.shown}, ${functional.x.shown})`, ...filter(functional.piece)];
    case 'quantile':
      return [
        functional.name === 'min' || functional.name === 'max'
          ? `${functional.name}(${functional.value.shown})`
          : `quantile_cont(${functional.value.shown}, ${functional.q})`,
        ...filter(functional.piece),
      ];
    case 'moment':
      return [`${functional.name}(${functional.value.shown})`, ...filter(functional.piece)];
    case 'mode':
      return [`mode(${functional.value.shown})`, ...filter(functional.piece)];
    default:
      return [`count(DISTINCT ${functional.value.shown})`, ...filter(functional.piece)];
  }
}

/** Whether a sum is taken over the rows that are counted beside it. */
function isOfSameRows(sum: number, count: number, table: TermTable): boolean {
  return table.terms[sum]?.kind === 'value' && table.terms[sum].piece === table.terms[count]?.piece;
}

function parts(items: readonly Part[], write: (term: number) => SqlTemplate): SqlTemplate {
  if (items.length === 0) return ['0'];
  return items.flatMap((item, index): SqlTemplate => {
    // A part without rows adds nothing: it does not make the sum NULL.
    const part: SqlTemplate = items.length === 1 ? write(item.term) : ['coalesce(', ...write(item.term), ', 0)'];
    const one = item.factor === '1' ? part : [`${item.factor} * `, ...part];
    return index === 0 ? one : [' + ', ...one];
  });
}

function unitName(unit: UnitClass | undefined): string {
  for (const member of unit?.members ?? []) {
    const path = member.table.units[unit?.type ?? ''];
    const column = member.table.columns.find((candidate) => path?.hops.length === 0 && candidate.name === path.column);
    if (column !== undefined) return shownColumn({ instance: member, column, at: member.at });
  }
  return unit?.type ?? '';
}
