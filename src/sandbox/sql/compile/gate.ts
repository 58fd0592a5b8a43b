import { BUCKET_COLUMN, type DataProfile, type Dataset, UNIT_COLUMN, UNIT_KEY_COLUMN } from '../../../catalog/dataset.ts';
import { quoteName } from '../../../catalog/identifier.ts';
import type { Call, Position } from '../ast.ts';
import type { TableInstance } from '../model/bound.ts';
import type { SqlTemplate } from '../model/condition.ts';
import type { Functional, GateOutput, GateProgram, ProgramUnit } from '../model/program.ts';
import { functionalOf } from './aggregates.ts';
import { allOf } from './conditions.ts';
import type { Compilation } from './context.ts';
import { pinnedFactors, probesFor, withImplied } from './implied.ts';
import type { KeyAlternative } from './keys.ts';
import { refuseConstruct } from './refusal.ts';
import type { Environment } from './resolve.ts';
import { fromTemplate, shownFrom, type UnitRows, wholeText } from './rows.ts';
import { shownFunctional } from './shown.ts';
import { TermTable } from './terms.ts';
import { canRepeat, type UnitClass, unitClasses } from './units.ts';

/** An aggregate that a gate is asked for. */
export interface AskedAggregate {
  readonly call: Call;
  /** Part of an expression with others. */
  readonly combined: boolean;
}

export interface AskedGate {
  readonly rows: UnitRows;
  readonly keys: readonly KeyAlternative[];
  /** By key: a text that is the same wherever the key is. */
  readonly keyIds: readonly string[];
  readonly bundle: number;
  readonly aggregates: readonly AskedAggregate[];
  readonly environment: Environment;
  readonly at: Position;
}

/** Makes a gate and adds it to the stages. Undefined: no row can satisfy its conditions. Throws Refused. Source: gate.md §4, §5. */
export function addGate(asked: AskedGate, compilation: Compilation): string | undefined {
  const { rows, keys, at } = asked;
  const where = allOf([...rows.tests, ...keys.flatMap((item) => item.tests)], compilation);
  if (where === false) return undefined;
  const units = unitClasses(rows);
  if (units.length === 0) return refuseConstruct('table without a unit', at);
  const on = optionalConditions(rows, compilation);
  const from = fromTemplate(rows, on, at);
  const table = new TermTable(compilation);
  const outputs = asked.aggregates.map((item, index): GateOutput => {
    const functional = functionalOf(item.call, asked.environment, { rows, units, table, compilation });
    return {
      name: `__a${index}`,
      shown: shownFunctional(functional, table, units),
      functional,
      type: functionalType(functional, table),
      families: familiesOf(functional, table),
      combined: item.combined,
    };
  });
  if (outputs.length === 0)
    outputs.push({
      name: '__a0',
      shown: ['count(*)'],
      functional: { kind: 'count', parts: [{ term: table.rows(null), factor: '1' }] },
      type: 'BIGINT',
      families: [],
      combined: false,
    });
  const own = table.terms.length;
  const tests = [...rows.tests, ...[...rows.optionalTests.values()].flat()];
  const pinnedIn = (piece: number | null): ReturnType<typeof pinnedFactors> =>
    pinnedFactors(keys, [...rows.tests, ...(piece === null ? [] : table.testsOf(piece))]);
  const implying = outputs.map((output) => ({ ...output, functional: withImplied(output.functional, pinnedIn, table) }));
  const functionals = outputs.map((output) => output.functional);
  const probes = probesFor(functionals, keys, { tests, instances: rows.instances }, table);
  const impliedTerms = table.terms.slice(own);
  const programUnits = [
    ...units.map((unit) => programUnit(unit, rows, compilation.profile)),
    ...touchingUnits(units, rows, compilation.profile),
  ];
  const gate = {
    from,
    shownFrom: shownFrom(rows, on, at),
    where: where === true ? null : where,
    pieces: table.pieces,
    keys: keys.map((item, index) => ({ ...item.key, id: renumbered(asked.keyIds[index] ?? '', rows) })),
    terms: table.terms.slice(0, own),
    ...(impliedTerms.length === 0 ? {} : { impliedTerms }),
    ...(probes.length === 0 ? {} : { probes }),
    outputs: implying,
    units: programUnits,
    rowsId: rowsId(rows, from, compilation),
    bundle: asked.bundle,
    uniqueColumns: uniqueColumns(compilation.profile),
    unitsOf: unitsOf(compilation.dataset),
  };
  const name = compilation.nextName('g', at);
  compilation.stages.push({ kind: 'gate', name, gate });
  return name;
}

function uniqueColumns({ tables }: DataProfile): readonly string[] {
  return tables.flatMap((table) =>
    table.uniqueColumns.filter((name) => table.nulls[name] === 0).map((name) => `${quoteName(table.table)}.${quoteName(name)}`),
  );
}

function unitsOf({ tables }: Dataset): GateProgram['unitsOf'] {
  return Object.fromEntries(tables.map(({ name, units }) => [quoteName(name), Object.keys(units)]));
}

/** The rows of a gate by a text that does not depend on how the query numbers or names its tables. */
function rowsId(rows: UnitRows, from: SqlTemplate, compilation: Compilation): string {
  const where = allOf(rows.tests, compilation);
  const condition = typeof where === 'boolean' ? String(where) : wholeText([where]);
  return renumbered(`${wholeText(from)} WHERE ${condition}`, rows);
}

/** Numbers table instances by their place among the rows. */
function renumbered(text: string, rows: UnitRows): string {
  const places = new Map(rows.instances.map((instance, place) => [String(instance.index), place]));
  return text.replace(/\bt(\d+)\b/g, (_, index: string) => `#${places.get(index) ?? index}`);
}

/** Conditions of LEFT JOINs besides their keys, each made once: they can be dropped like others. */
export function optionalConditions(rows: UnitRows, compilation: Compilation): (instance: TableInstance) => SqlTemplate {
  const made = new Map<number, SqlTemplate>();
  for (const [index, tests] of rows.optionalTests) {
    const condition = allOf(tests, compilation);
    made.set(index, condition === true ? [] : condition === false ? [' AND FALSE'] : [' AND ', condition]);
  }
  return (instance) => made.get(instance.index) ?? [];
}

function sizeOf(type: string, instance: TableInstance, profile: DataProfile): number {
  const measured = profile.units.filter((item) => item.unitType === type && instance.baseTables.includes(item.table));
  return Math.max(0, ...measured.map((item) => item.units));
}

function programUnit(unit: UnitClass, rows: UnitRows, profile: DataProfile): ProgramUnit {
  const [first] = unit.members;
  if (first === undefined) throw new Error('A unit class without a member');
  const measured = profile.units.find((item) => item.table === first.table.name && item.unitType === unit.type);
  const { primaryKey, units } = first.table;
  const isUnitRow =
    first.table.name.startsWith('__') &&
    primaryKey.length === 1 &&
    units[unit.type]?.hops.length === 0 &&
    units[unit.type]?.column === primaryKey[0];
  return {
    type: unit.type,
    number: `t${first.index}.${quoteName(UNIT_COLUMN(unit.type))}`,
    bucket: `t${first.index}.${quoteName(BUCKET_COLUMN(unit.type))}`,
    key: `t${first.index}.${quoteName(UNIT_KEY_COLUMN(unit.type))}`,
    size: sizeOf(unit.type, first, profile),
    oneRow: (measured?.maxRowsPerUnit === 1 || isUnitRow) && !canRepeat(first, rows, profile),
    touching: null,
  };
}

/** Rows that stand for several units of a type: those of several instances, and those inside a feature. Source: gate.md §4 (touching totals). */
function touchingUnits(units: readonly UnitClass[], rows: UnitRows, profile: DataProfile): readonly ProgramUnit[] {
  const types = [...new Set(units.map((unit) => unit.type))];
  const found: ProgramUnit[] = [];
  const add = (type: string, size: number, source: SqlTemplate): void => {
    const name = `x${found.length}`;
    const touching: SqlTemplate = source.map((part) => (typeof part === 'string' ? part.replaceAll('{x}', name) : part));
    found.push({ type, number: `${name}."__u"`, bucket: `${name}."__b"`, key: `${name}."__h"`, size, oneRow: false, touching });
  };
  for (const type of types) {
    const classes = units.filter((unit) => unit.type === type);
    if (classes.length < 2) continue;
    const ends = classes
      .flatMap((unit) => unit.members.slice(0, 1))
      .map(
        (item) =>
          `(${[UNIT_COLUMN, BUCKET_COLUMN, UNIT_KEY_COLUMN].map((column) => `t${item.index}.${quoteName(column(type))}`).join(', ')})`,
      );
    const size = Math.max(...classes.flatMap((unit) => unit.members.map((item) => sizeOf(type, item, profile))));
    add(type, size, [
      ` CROSS JOIN LATERAL (SELECT DISTINCT __u, __b, __h FROM (VALUES ${ends.join(', ')}) AS v(__u, __b, __h) WHERE __u IS NOT NULL) AS {x}`,
    ]);
  }
  for (const instance of rows.instances) {
    for (const touched of instance.touched) {
      const on = touched.keys.map((key) => `{x}.${quoteName(key)} IS NOT DISTINCT FROM t${instance.index}.${quoteName(key)}`).join(' AND ');
      add(touched.type, sizeOf(touched.type, instance, profile), [' JOIN ', ...touched.source, ` AS {x} ON ${on}`]);
    }
  }
  return found;
}

/** Engine type of a gate's column. */
function functionalType(functional: Functional, table: TermTable): string {
  if (functional.kind === 'count' || functional.kind === 'distinct') return 'BIGINT';
  if (functional.kind === 'boolean') return 'BOOLEAN';
  if (functional.kind === 'mode') return functional.value.truth === true ? 'BOOLEAN' : 'VARCHAR';
  if (functional.kind !== 'sum') return 'DOUBLE';
  const scales = functional.parts.map((part) => {
    const term = table.terms[part.term];
    return (term?.kind === 'value' ? term.scale : 0) + (part.factor.split('.')[1]?.length ?? 0);
  });
  const scale = Math.max(0, ...scales);
  return scale === 0 ? 'HUGEINT' : `DECIMAL(38,${Math.min(scale, MAX_SCALE)})`;
}

const MAX_SCALE = 18;

/** One functional per family of columns: count, sum and avg of one column are one. Source: gate.md §5 (functionals). */
function familiesOf(functional: Functional, table: TermTable): GateOutput['families'] {
  const of = (columns: readonly string[], name: string): GateOutput['families'] => columns.map((family) => ({ family, functional: name }));
  switch (functional.kind) {
    case 'count':
    case 'sum':
    case 'avg':
      return functional.parts.flatMap((part) =>
        of(table.families(part.term), table.families(part.term).length > 1 ? `product ${part.term}` : 'linear'),
      );
    case 'boolean':
      return [];
    case 'pair':
      return of([...new Set([...functional.x.base, ...functional.y.base])], `${functional.name} ${functional.piece}`);
    case 'quantile':
      return of(functional.value.base, `${functional.name} ${functional.q}`);
    default:
      return of(functional.value.base, functional.kind);
  }
}
