import { sql } from 'kysely';
import { type Migration, table } from './migration.ts';

/** Versions of masking policies with who agreed to them; a version is never changed but in its state. Source: issue "Masking" (policies, versioned and approved by two owners); GZ-21c. */
export const MASK_POLICIES: Migration = {
  name: '0070-mask-policies',
  async up(db) {
    const columns = { id: 'text', dataset: 'text', policy: 'text', version: 'integer', state: 'text', record: 'text' } as const;
    await table(db, 'mask_policies', columns, ['id'])
      .addUniqueConstraint('mask_policies_version', ['dataset', 'version'])
      .addCheckConstraint('mask_policies_state', sql`state in ('PROPOSED', 'IN_FORCE', 'SUPERSEDED', 'REJECTED')`)
      .execute();
  },
};
