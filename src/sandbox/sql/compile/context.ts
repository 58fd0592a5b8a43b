import { type Column, type DataProfile, type Dataset, findTable, isSealedColumn, type Table } from '../../../catalog/dataset.ts';
import type { Grant } from '../../../catalog/grant.ts';
import { quoteName } from '../../../catalog/identifier.ts';
import type { Position } from '../ast.ts';
import { type BoundColumn, isOpenColumn, type TableInstance } from '../model/bound.ts';
import type { ProgramStage } from '../model/program.ts';
import { sameName } from './names.ts';
import { refuse, refuseConstruct } from './refusal.ts';

/** What was rounded, for the merchant: literals as written and as they will run. */
export interface Rounding {
  readonly column: string;
  readonly from: string;
  readonly to: string;
  readonly line: number;
  readonly at: number;
}

/** A literal or bin edge that stands against a protected column; what the probing budget counts. Source: gate.md §9. */
export interface Probe {
  /** `table.column`. */
  readonly column: string;
  readonly literal: string;
}

/** What the statement reads, for the second reader and for the merchant. */
export interface Reads {
  /** Base tables, as often as they stand in FROM. */
  readonly tables: string[];
  /** `table.column` of what conditions, keys and aggregates use. */
  readonly columns: Set<string>;
  /** `table.column` of whatever a name was resolved to. */
  readonly resolved: Set<string>;
}

/** Stages per statement; each is a pass over the data or a query of its own. */
const MAX_STAGES = 48;
const MAX_INSTANCES = 48;

/** Everything one compilation collects. Depends on query and catalogue only, never on rows. */
export class Compilation {
  readonly dataset: Dataset;
  readonly grant: Grant;
  readonly profile: DataProfile;
  readonly roundings: Rounding[] = [];
  readonly probes: Probe[] = [];
  readonly reads: Reads = { tables: [], columns: new Set(), resolved: new Set() };
  readonly stages: ProgramStage[] = [];
  #instances = 0;
  #conditions = 0;
  #bundles = 0;
  readonly #shown = new Set<string>();
  #names = 0;

  constructor(dataset: Dataset, grant: Grant, profile: DataProfile) {
    this.dataset = dataset;
    this.grant = grant;
    this.profile = profile;
  }

  nextInstance(at: Position): number {
    if (this.#instances >= MAX_INSTANCES) refuseConstruct(`more than ${MAX_INSTANCES} tables`, at);
    return this.#instances++;
  }

  /** Remembers a literal, bin edge or offset that stands against a protected column. Source: gate.md §9 (probing budget). */
  noteProbe(bound: BoundColumn, literal: string): void {
    const { table } = bound.instance;
    if (isOpenColumn(bound)) return;
    this.probes.push({ column: `${table.name}.${bound.column.name}`, literal });
  }

  nextBundle(): number {
    return this.#bundles++;
  }

  nextCondition(): number {
    return this.#conditions++;
  }

  nextName(prefix: 'g' | 'o' | 's', at: Position): string {
    if (this.#names >= MAX_STAGES) refuseConstruct(`more than ${MAX_STAGES} inner queries, label sets and grouping sets together`, at);
    return `__${prefix}${this.#names++}`;
  }

  /** What was collected so far; `rollBack` forgets what came after. Stages stay: those that nothing names do not run. */
  checkpoint(): readonly number[] {
    return [this.roundings.length, this.probes.length, this.reads.tables.length];
  }

  rollBack([roundings = 0, probes = 0, tables = 0]: readonly number[]): void {
    this.roundings.length = roundings;
    this.probes.length = probes;
    this.reads.tables.length = tables;
  }

  /** The table with the columns the grant names and the sealed file holds; refuses what is not granted. */
  table(name: string, at: Position): Table {
    const table = grantedTable(this.dataset, this.grant, name);
    return table ?? refuse('sql.table_unknown', { name, ...at });
  }

  /** A name for a table in what is shown: the query's own, told apart where an inner query uses it again. */
  shownName(name: string): string {
    let free = name;
    for (let again = 2; this.#shown.has(free.toLowerCase()); again++) free = `${name}_${again}`;
    this.#shown.add(free.toLowerCase());
    return free;
  }

  /** A name for rows that an inner query makes: the one it goes by. */
  shownRows(called: string): string {
    return this.shownName(called === '' ? 'inner_query' : called);
  }

  /** A new occurrence of a table of the dataset. */
  baseInstance(table: Table, name: string, at: Position): TableInstance {
    this.reads.tables.push(table.name);
    return {
      index: this.nextInstance(at),
      name: this.shownName(name),
      table,
      source: [quoteName(table.name)],
      shown: [quoteName(table.name)],
      baseTables: [table.name],
      optional: false,
      touched: [],
      at,
    };
  }
}

/** The table with the columns the grant names and the sealed file holds. Undefined: not in the dataset, or not granted. Source: gate.md §1. */
export function grantedTable(dataset: Dataset, grant: Grant, name: string): Table | undefined {
  const declared = dataset.tables.find((table) => sameName(table.name, name));
  if (declared === undefined) return undefined;
  const table = findTable(dataset, declared.name);
  const granted = Object.hasOwn(grant.tables, declared.name) ? grant.tables[declared.name] : undefined;
  if (table === undefined || granted === undefined) return undefined;
  const visible = (column: Column): boolean => isSealedColumn(column) && (granted === '*' || granted.includes(column.name));
  return { ...table, columns: table.columns.filter(visible) };
}
