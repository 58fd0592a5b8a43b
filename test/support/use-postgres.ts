import { inject } from 'vitest';

process.env['SLUICE_TEST_DATABASE_URL'] = inject('databaseUrl');
