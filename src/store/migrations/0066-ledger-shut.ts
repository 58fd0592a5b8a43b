import { type Migration, table } from './migration.ts';

/**
 * Datasets whose ledger is known to lack releases, `*` for all: nothing of their real data is computed or released. `size` and `note`:
 * the log as the backup knew it, to be compared with newer tiles. Source: tracker issue 5 (a restore forgets releases).
 */
export const LEDGER_SHUT: Migration = {
  name: '0066-ledger-shut',
  async up(db) {
    await table(db, 'ledger_shut', { dataset: 'text', size: 'integer', note: 'text', at: 'text' }, ['dataset']).execute();
  },
};
