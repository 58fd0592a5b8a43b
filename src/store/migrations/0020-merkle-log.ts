import { sql } from 'kysely';
import { isPostgres, type Migration, table } from './migration.ts';

const PAGE_ROWS = 1000;
const TIME = '},"at":"';
const TIME_LENGTH = 24;

/**
 * The log as a Merkle tree. Entries keep number and text; `leaf` is empty until the sequencer has given the entry its
 * place, `body` is empty once it was pruned. The old chain stays in `audit_chain_v1` until `upgradeChain` has checked
 * it against its old checkpoint. Source: ADR 0018; models-and-audit.md §2.4.
 */
export const MERKLE_LOG: Migration = {
  name: '0020-merkle-log',
  async up(db) {
    await db.schema.alterTable('audit_entries').renameTo('audit_chain_v1').execute();
    // On PostgreSQL the index of a primary key keeps its name, which the new table needs.
    if (isPostgres(db)) await sql`alter table audit_chain_v1 rename constraint audit_entries_pk to audit_chain_v1_pk`.execute(db);
    await table(db, 'audit_entries', { seq: 'integer', 'body?': 'text', at: 'text', 'leaf?': 'text' }, ['seq']).execute();
    await db.schema.createIndex('audit_entries_by_time').on('audit_entries').columns(['at', 'seq']).execute();
    await table(db, 'audit_tree', { id: 'integer', algorithm: 'text', size: 'integer', root: 'text', fence: 'integer' }, ['id']).execute();
    await table(db, 'audit_checkpoints', { size: 'integer', note: 'text', at: 'text' }, ['size']).execute();
    for (let last = 0; ; ) {
      const rows = await sql<{
        readonly seq: number;
        readonly body: string;
      }>`select seq, body from audit_chain_v1 where seq > ${last} order by seq limit ${PAGE_ROWS}`.execute(db);
      for (const { seq, body } of rows.rows) {
        const start = body.indexOf(TIME) + TIME.length;
        await db
          .insertInto('audit_entries')
          .values({ seq, body, at: body.slice(start, start + TIME_LENGTH), leaf: null })
          .execute();
      }
      const end = rows.rows.at(-1);
      if (end === undefined) break;
      last = end.seq;
    }
  },
};
