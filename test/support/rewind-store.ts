import { DatabaseSync } from 'node:sqlite';

/** What takes a migration out of a store again, newest first. Only tests go back. */
const UNDO: readonly (readonly [string, string])[] = [
  [
    '0011-downloads',
    `DROP TABLE notices; DROP TABLE download_tokens; DROP INDEX releases_by_fingerprint;
     ALTER TABLE releases DROP COLUMN ordinal; ALTER TABLE releases DROP COLUMN fingerprint`,
  ],
  ['0010-review', 'DROP TABLE affiliations; ALTER TABLE votes DROP COLUMN body; ALTER TABLE votes DROP COLUMN step'],
  ['0003-ledger', 'DROP TABLE ledger_entries'],
  ['0002-probes', 'DROP TABLE probes'],
];

/** Makes a closed store one of before `first`: that migration and every later one is taken out. */
export function rewindStore(path: string, first: string): void {
  const database = new DatabaseSync(path);
  for (const [name, sql] of UNDO) {
    if (name < first) break;
    database.exec(sql);
    database.prepare('DELETE FROM schema_migrations WHERE name = ?').run(name);
  }
  database.close();
}
