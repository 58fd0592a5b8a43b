import type { Kysely } from 'kysely';
import type { StandardReads, StandardTableRecord, StandardWrites } from '../operations/standard-store.ts';
import type { Database } from './schema.ts';
import type { SealedFields } from './sealed-field.ts';
import type { Writing } from './writing.ts';

/** Tables of owners, their figures sealed like everything that was computed from data. Source: gate.md §2. */
export function readStandard(db: Kysely<Database>, fields: SealedFields): StandardReads {
  return {
    async of({ dataset, version }) {
      const rows = await db
        .selectFrom('standard_tables')
        .selectAll()
        .where('dataset', '=', dataset)
        .where('version', '=', version)
        .orderBy('ordinal')
        .execute();
      return Promise.all(
        rows.map(async ({ name, canonical_sql, sealed }) => ({
          name,
          canonicalSql: canonical_sql,
          table: (await fields.open(sealed, contextOf(dataset, version, name))) as StandardTableRecord['table'],
        })),
      );
    },
  };
}

/** Adds the tables of a version beside the event that tells of it. Throws where the version has them already. Source: gate.md §2. */
export function writeStandard(writing: Writing): StandardReads & StandardWrites {
  const { tx, fields } = writing;
  return {
    ...readStandard(tx, fields),
    async add({ dataset, version }, tables, event) {
      await writing.record(event);
      for (const [ordinal, { name, canonicalSql, table }] of tables.entries()) {
        const sealed = await fields.seal(table, contextOf(dataset, version, name));
        await tx.insertInto('standard_tables').values({ dataset, version, name, ordinal, canonical_sql: canonicalSql, sealed }).execute();
      }
    },
  };
}

function contextOf(dataset: string, version: string, name: string): string {
  return `standard-table/${dataset}/${version}/${name}`;
}
