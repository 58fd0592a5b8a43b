import { type Migration, table } from './migration.ts';

/** Built-in accounts, their recovery codes and sessions, rights to enrol, client certificates. Source: issue 6 ("Who are you"). */
export const ACCOUNTS: Migration = {
  name: '0063-accounts',
  async up(db) {
    const account = {
      principal: 'text',
      password_hash: 'text',
      totp_sealed: 'text',
      totp_step: 'integer',
      failures: 'integer',
      'locked_until?': 'text',
      updated_at: 'text',
    } as const;
    const session = { digest: 'text', principal: 'text', created_at: 'text', seen_at: 'text', 'ended_at?': 'text' } as const;
    const holder = (name: string, columns: Parameters<typeof table>[2], key: readonly string[]) =>
      table(db, name, columns, key).addForeignKeyConstraint(`${name}_principal`, ['principal'], 'principals', ['id']);
    const tables = [
      holder('accounts', account, ['principal']),
      holder('recovery_codes', { principal: 'text', digest: 'text', 'used_at?': 'text' }, ['principal', 'digest']),
      holder('sessions', session, ['digest']),
      holder('client_certificates', { fingerprint: 'text', principal: 'text', created_at: 'text' }, ['fingerprint']),
      table(db, 'enrolments', { digest: 'text', 'principal?': 'text', expires_at: 'text', 'used_at?': 'text' }, ['digest']),
    ];
    for (const each of tables) await each.execute();
    await db.schema.createIndex('sessions_by_principal').on('sessions').column('principal').execute();
  },
};
