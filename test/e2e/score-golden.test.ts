import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SHARED_DATA } from '../support/shared-data.ts';
import { cli } from './process.ts';

const label = { type: 'VARCHAR' };
const key = { type: 'INTEGER', role: 'unitId' };
const SCHEMA = {
  tables: {
    users: { primaryKey: ['user_id'], columns: { user_id: key, country: label, gender: label, age: { type: 'INTEGER' } } },
    sessions: {
      primaryKey: ['session_id'],
      foreignKeys: [{ columns: ['user_id'], references: 'users.user_id' }],
      columns: { session_id: key, user_id: key, device: label, os: label },
    },
    transactions: {
      primaryKey: ['transaction_id'],
      foreignKeys: [{ columns: ['session_id'], references: 'sessions.session_id' }],
      columns: {
        transaction_id: key,
        session_id: key,
        timestamp: { type: 'TIMESTAMP' },
        amount: { type: 'DOUBLE' },
        approved: { type: 'BOOLEAN' },
      },
    },
  },
};

/** SDMetrics' own figures of its demonstration of three linked tables. Source: synthetic-and-masking.md §2.4. */
const GOLDEN = {
  columnShapes: 0.7978174603174604,
  pairTrends: 0.45654629583521095,
  cardinality: 0.95,
  tableTrends: 0.4416666666666666,
  quality: 0.6615076057048344,
};

test.skipIf(SHARED_DATA === null)(
  "three linked tables score what SDMetrics' reports say, also across a join",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-golden-'));
    try {
      await writeFile(join(folder, 'schema.json'), JSON.stringify(SCHEMA));
      for (const side of ['real', 'synthetic']) {
        await mkdir(join(folder, side));
        for (const table of Object.keys(SCHEMA.tables))
          await copyFile(join(SHARED_DATA ?? '', 'sdmetrics-demo/multi_table', `${table}_${side}.csv`), join(folder, side, `${table}.csv`));
      }
      const at = (name: string): string => join(folder, name);
      const score = await cli([
        'synth',
        'score',
        '--real',
        at('real'),
        '--synthetic',
        at('synthetic'),
        '--schema',
        at('schema.json'),
        '--compat',
        '--json',
      ]);
      expect(score.status).toBe(0);
      for (const [name, value] of Object.entries(GOLDEN)) expect(Number(score.lines[0]?.[name]), name).toBeCloseTo(value, 10);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
