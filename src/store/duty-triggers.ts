import { type Kysely, sql } from 'kysely';
import { isPostgres } from './migrations/migration.ts';
import type { Database } from './schema.ts';

/** A rule of the store over one table: what is refused, whoever writes. */
export interface DutyTrigger {
  readonly name: string;
  readonly table: string;
  /** What may be deleted at all has no such rule. */
  readonly on: 'insert' | 'update' | 'delete';
  /** Rule of requirements.md §6.2. */
  readonly rule: string;
  /** A condition over `new` (and `old` of an update) under which the row is refused: one text, or one for each database. */
  readonly refuses: string | { readonly sqlite: string; readonly postgres: string };
}

/**
 * Makes the trigger in the language of the database. Writing against it throws, and takes the whole transaction with it; the code refuses the
 * same before, in words. Texts are constants of migrations, never of anybody else. Source: requirements.md §6.2; SQLite "CREATE TRIGGER"; PostgreSQL 15 §43.10.
 */
export async function createDutyTrigger(db: Kysely<Database>, { name, table, on, rule, refuses }: DutyTrigger): Promise<void> {
  const message = `separation of duties: ${rule}`;
  if (!isPostgres(db)) {
    const condition = typeof refuses === 'string' ? refuses : refuses.sqlite;
    const text = `create trigger ${name} before ${on} on ${table} when ${condition} begin select raise(abort, '${message}'); end`;
    await sql.raw(text).execute(db);
    return;
  }
  const condition = typeof refuses === 'string' ? refuses : refuses.postgres;
  const body = `begin if ${condition} then raise exception '${message}' using errcode = '23514'; end if; return new; end`;
  await sql.raw(`create function ${name}() returns trigger language plpgsql as $duty$ ${body} $duty$`).execute(db);
  await sql.raw(`create trigger ${name} before ${on} on ${table} for each row execute function ${name}()`).execute(db);
}

/** Takes a trigger away, for another one in its place. Source: as above. */
export async function dropDutyTrigger(db: Kysely<Database>, { name, table }: Pick<DutyTrigger, 'name' | 'table'>): Promise<void> {
  await sql.raw(isPostgres(db) ? `drop trigger ${name} on ${table}` : `drop trigger ${name}`).execute(db);
  if (isPostgres(db)) await sql.raw(`drop function ${name}()`).execute(db);
}
