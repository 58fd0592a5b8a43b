import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dataset } from '../../src/catalog/dataset.ts';
import { readDeclaration } from '../../src/catalog/declaration.ts';
import { readStatement } from '../../src/pipeline/read-statement.ts';
import { statementReaders } from '../../src/pipeline/statement-readers.ts';
import { createEnclave } from '../../src/sandbox/enclave/create-enclave.ts';
import type { Enclave, EnclaveSession } from '../../src/sandbox/enclave/port.ts';
import { CLINIC } from '../support/served-clinic.ts';

let folder: string;
let enclave: Enclave;
let dataset: Dataset;
let sessions: EnclaveSession[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-readers-'));
  const own = await createEnclave({ isolation: 'auto', allowProcessFallback: true, tempRoot: folder, poolSize: 0 });
  sessions = [];
  const open: Enclave['open'] = async (...args) => {
    const opened = await own.open(...args);
    if (opened.ok) sessions.push(opened.value);
    return opened;
  };
  enclave = { isolation: own.isolation, open, warm: own.warm.bind(own), close: () => own.close() };
  const read = readDeclaration(CLINIC);
  if (!read.ok) throw new Error('The declaration of the test cannot be read');
  dataset = read.value.dataset;
});
afterAll(async () => {
  await enclave.close();
  await rm(folder, { recursive: true, force: true });
});

const RULES = { atOnce: 2, mostWaiting: 100, textsEach: 50, idleMs: 60_000 };
const query = (n: number): string => `SELECT district, count(*) AS n FROM residents WHERE income >= ${n} GROUP BY district`;

test('a hundred texts at once are read as each in a process of its own would be, by a few processes', async () => {
  sessions.length = 0;
  const readers = statementReaders(enclave, RULES);
  const texts = [...Array.from({ length: 97 }, (_, n) => query(n)), 'SELEC 1', "SELECT '\u0000'", 'SELECT * FROM missing'];
  const read = await Promise.all(texts.map((text) => readers.read(text, dataset)));
  expect(sessions.length).toBeLessThanOrEqual(8);
  for (const at of [0, 96, 97, 98, 99]) expect(read[at]).toEqual(await readStatement(texts[at] ?? '', dataset, enclave));
});

test('one text more than may wait is told that the enclave is busy', async () => {
  const readers = statementReaders(enclave, { ...RULES, atOnce: 1, mostWaiting: 2 });
  const read = await Promise.all([1, 2, 3, 4].map((n) => readers.read(query(n), dataset)));
  expect(read.map((item) => (item.ok ? 'read' : item.error[0]?.code))).toEqual(['read', 'read', 'read', 'enclave.busy']);
});

test('a process that was lost between two texts costs the next one nothing', async () => {
  sessions.length = 0;
  const readers = statementReaders(enclave, { ...RULES, atOnce: 1 });
  expect((await readers.read(query(1), dataset)).ok).toBe(true);
  await sessions[0]?.close();
  expect((await readers.read(query(2), dataset)).ok).toBe(true);
  expect(sessions).toHaveLength(2);
});
