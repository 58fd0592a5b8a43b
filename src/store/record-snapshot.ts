import { type Kysely, sql, type Transaction } from 'kysely';
import { DUTIES } from './migrations/0067-duties.ts';
import { AFFILIATION_DUTIES } from './migrations/0077-affiliation-duties.ts';
import { REGISTRATION_DUTIES } from './migrations/0081-registration-duties.ts';
import { isPostgres, type Migration } from './migrations/migration.ts';
import { MIGRATIONS, migrate } from './migrations.ts';
import { openRecordDatabase, type RecordPlace } from './record-database.ts';
import type { Database } from './schema.ts';

const PAGE_ROWS = 500;
/** Of other processes and of this version's own tables: not part of what is kept. */
const LEFT_OUT = ['schema_migrations', 'leases', 'audit_chain_v1'];
const RULES: readonly Migration[] = [DUTIES, AFFILIATION_DUTIES, REGISTRATION_DUTIES];
/** What others refer to comes first. */
const FIRST = ['datasets', 'dataset_versions', 'principals', 'jobs', 'egress_requests', 'releases', 'matters', 'webhooks'];

/** Rows of one table as they stand; names and values of columns. */
export interface RowPage {
  readonly table: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** All records at one instant, whichever database they are on. */
export interface RecordSnapshot {
  /** Names of the migrations that made the tables. */
  readonly migrations: readonly string[];
  pages(): AsyncGenerator<RowPage>;
}

/** Runs `work` over the records at one instant: nobody writes meanwhile. Source: ADR 0024. */
export async function withSnapshot<T>(writer: Kysely<Database>, work: (snapshot: RecordSnapshot) => Promise<T>): Promise<T> {
  return writer.transaction().execute(async (tx) => {
    const migrations = (await tx.selectFrom('schema_migrations').select('name').orderBy('name').execute()).map(({ name }) => name);
    return work({ migrations, pages: () => pagesOf(tx) });
  });
}

async function* pagesOf(tx: Transaction<Database>): AsyncGenerator<RowPage> {
  for (const { name, key } of await tablesOf(tx)) {
    const order = sql.join(key.map((column) => sql.ref(column)));
    for (let offset = 0; ; offset += PAGE_ROWS) {
      const { rows } = await sql<Readonly<Record<string, unknown>>>`
        select * from ${sql.table(name)} order by ${order} limit ${PAGE_ROWS} offset ${offset}`.execute(tx);
      if (rows.length > 0) yield { table: name, rows };
      if (rows.length < PAGE_ROWS) break;
    }
  }
}

interface KeyedTable {
  readonly name: string;
  readonly key: readonly string[];
}

async function tablesOf(tx: Transaction<Database>): Promise<readonly KeyedTable[]> {
  interface Row {
    readonly name: string;
    readonly column: string;
  }
  const { rows } = isPostgres(tx)
    ? await sql<Row>`select t.table_name as name, k.column_name as "column" from information_schema.tables t
        join information_schema.table_constraints c
          on c.table_schema = t.table_schema and c.table_name = t.table_name and c.constraint_type = 'PRIMARY KEY'
        join information_schema.key_column_usage k on k.constraint_schema = c.constraint_schema and k.constraint_name = c.constraint_name
        where t.table_schema = current_schema() order by k.ordinal_position`.execute(tx)
    : await sql<Row>`select m.name, c.name as "column" from sqlite_master m, pragma_table_info(m.name) c
        where m.type = 'table' and m.name not like 'sqlite_%' and c.pk > 0 order by c.pk`.execute(tx);
  const rank = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return [...Map.groupBy(rows, (row) => row.name)]
    .filter(([name]) => !LEFT_OUT.includes(name))
    .map(([name, of]) => ({ name, key: of.map((row) => row.column) }))
    .sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
}

/** Columns that a row of a page may name: none is taken from the page alone. */
const COLUMN = /^[a-z][a-z0-9_]{0,60}$/;

/**
 * Makes a new store at `place` with the tables of `migrations` and fills it, in one transaction. Throws where something is kept
 * there already, or where this version does not know the migrations: a backup of a newer version is not restored by an older one.
 */
export async function fillRecords(
  place: RecordPlace,
  migrations: readonly string[],
  at: Date,
  pages: AsyncIterable<RowPage>,
): Promise<void> {
  const known = MIGRATIONS.filter(({ name }) => migrations.includes(name));
  if (migrations.length === 0 || known.length !== migrations.length)
    throw new Error('The backup was written by another version of the product');
  const database = await openRecordDatabase(place);
  try {
    await database.writer.transaction().execute(async (tx) => {
      // Rules of writing come last: what was right when it was written need not be so beside what came after it.
      const tablesFirst = known.filter((migration) => !RULES.includes(migration));
      if ((await migrate(tx, at, tablesFirst)).length !== tablesFirst.length) throw new Error('There are records at the place already');
      await sql`drop table if exists audit_chain_v1`.execute(tx);
      const tables = new Set((await tablesOf(tx)).map(({ name }) => name));
      for await (const { table, rows } of pages) {
        if (!tables.has(table)) throw new Error('The backup holds a table that is not known');
        for (const row of rows) {
          const columns = Object.keys(row);
          if (!columns.every((column) => COLUMN.test(column))) throw new Error('The backup holds a column that is not known');
          await sql`insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
            values (${sql.join(Object.values(row))})`.execute(tx);
        }
      }
      await migrate(tx, at, known);
    });
  } finally {
    await database.close();
  }
}
