import type { World } from '../random-query/world.ts';
import type { Template } from './operand.ts';
import type { ShownQuery, Source } from './shown-query.ts';

/** One instance of a unit type among the rows of a query. */
export interface UnitInstance {
  readonly type: string;
  /** SQL of the unit; NULL where a row has none. */
  readonly column: string;
  /** Joined to FROM: repeats a row for every unit that stands in it. */
  readonly touching: Template | null;
  /** No unit has two rows. */
  readonly oneRow: boolean;
}

interface Member {
  readonly type: string;
  readonly column: string;
  readonly optional: boolean;
  readonly touching: Template | null;
}

/** Unit instances of a query: those that keys equate are one (gate-examples.md D13). */
export function unitInstances(query: Pick<ShownQuery, 'sources'>, world: World): readonly UnitInstance[] {
  const members = query.sources.flatMap((source) => membersOf(source, world));
  const keys = query.sources.flatMap((source) => source.keys);
  const groups: Member[][] = [];
  for (const member of members) {
    const linked = groups.filter((group) =>
      group.some((other) => other.type === member.type && keys.some((key) => equates(key, other, member))),
    );
    const [first, ...more] = linked;
    if (first === undefined) groups.push([member]);
    else {
      first.push(member, ...more.flat());
      for (const group of more) groups.splice(groups.indexOf(group), 1);
    }
  }
  const oneRow = query.sources.every((source) => source.table === 'people' || source.table === 'areas' || isPerPerson(source));
  return groups.map((group) => {
    const chosen = group.find((member) => !member.optional) ?? group[0];
    if (chosen === undefined) throw new Error('A unit without a member');
    return { ...chosen, oneRow: oneRow && chosen.type === 'person' };
  });
}

function isPerPerson(source: Source): boolean {
  const [branch, ...more] = source.branches;
  return branch !== undefined && more.length === 0 && branch.items.some((item) => /"person_id"$/.test(item.expression));
}

function equates(key: string, a: Member, b: Member): boolean {
  return key === `${a.column} = ${b.column}` || key === `${b.column} = ${a.column}`;
}

function membersOf(source: Source, world: World): readonly Member[] {
  const { alias, optional } = source;
  const table = [world.people, ...world.many].find((item) => item.name === source.table);
  if (table !== undefined)
    return Object.entries(table.units).map(([type, column]) => ({ type, column: `"${alias}"."${column}"`, optional, touching: null }));
  const [branch, ...others] = source.branches;
  if (branch === undefined) return [];
  const inner = unitInstances(branch, world);
  const exposed = (type: string, column: string): string | undefined => {
    const names = namesOf(branch.sources, world, type, column);
    return branch.items.find((item) => names.includes(item.expression))?.name;
  };
  const linked = inner.find((unit) => exposed(unit.type, unit.column) !== undefined);
  const link = linked === undefined ? undefined : exposed(linked.type, linked.column);
  return inner.map((unit) => {
    const name = exposed(unit.type, unit.column);
    if (name !== undefined) return { type: unit.type, column: `"${alias}"."${name}"`, optional, touching: null };
    if (linked === undefined || link === undefined || others.length > 0) throw new Error('A unit that the oracle cannot follow');
    const touching: Template = [
      ` LEFT JOIN (SELECT DISTINCT ${linked.column} AS j, ${unit.column} AS u FROM `,
      ...branch.from,
      ...branch.where,
      `) AS "__t" ON "__t".j = "${alias}"."${link}"`,
    ];
    return { type: unit.type, column: '"__t".u', optional, touching };
  });
}

/** Every column among the sources that holds the same unit. */
function namesOf(sources: readonly Source[], world: World, type: string, column: string): readonly string[] {
  const found = new Set([column]);
  const keys = sources.flatMap((source) => source.keys);
  const all = sources.flatMap((source) => membersOf(source, world)).filter((member) => member.type === type);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { column: other } of all) {
      if (found.has(other) || !keys.some((key) => [...found].some((name) => key === `${name} = ${other}` || key === `${other} = ${name}`)))
        continue;
      found.add(other);
      grown = true;
    }
  }
  return [...found];
}
