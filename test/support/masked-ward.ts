import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { type Instance, openInstance } from '../../src/instance.ts';
import type { JobView } from '../../src/operations/operations.ts';
import { SeededRandom } from '../../src/synthetic/fit/seeded-random.ts';
import { CLOCK, RNG } from '../e2e/process.ts';
import { done, person } from './real-people.ts';

const column = (type: string, label: string, role: string, more: object = {}) => ({ type, label, role, nullable: false, ...more });
const DECLARATION = {
  dataset: 'ward',
  title: { zh: '病区', en: 'Ward' },
  provider: 'test',
  grade: 'general',
  shareType: 'conditional',
  openness: 'conditional',
  updateFrequency: 'monthly',
  tables: {
    patients: {
      file: 'patients.csv',
      visibility: 'protected',
      primaryKey: ['pid'],
      units: { person: ['pid'] },
      columns: {
        pid: column('VARCHAR', 'personal', 'unitId'),
        born: column('DATE', 'personal', 'quasiId'),
        home: column('VARCHAR', 'personal', 'quasiId', { semantic: 'region' }),
        sex: column('VARCHAR', 'personal', 'quasiId'),
        diag: column('VARCHAR', 'sensitivePersonal', 'sensitive'),
        cost: column('INTEGER', 'personal', 'measure', { bounds: [0, 100000] }),
      },
    },
  },
};
export const WARD_RULES = [
  { label: 'personal', role: 'quasiId', operator: { operator: 'keep' } },
  { label: 'sensitivePersonal', purpose: 'flu-study', operator: { operator: 'keep' } },
  { label: 'personal', role: 'measure', operator: { operator: 'microAggregate', k: 5 } },
];

/** Rows of people `from` to `to`, the same for the same number whichever file they stand in. */
export function wardRows(from: number, to: number): string {
  const lines = ['pid,born,home,sex,diag,cost'];
  for (let at = from; at < to; at += 1) {
    const random = new SeededRandom(`person ${at}`);
    const day = String(1 + random.below(28)).padStart(2, '0');
    const born = `${1950 + random.below(50)}-0${1 + random.below(9)}-${day}`;
    const home = ['110105', '110108', '310101', '310115', '440104', '440106'][random.below(6)] ?? '';
    lines.push(
      `p${at},${born},${home},${random.below(2) === 0 ? 'f' : 'm'},${['flu', 'cold', 'gout', 'acne'][random.below(4)] ?? ''},${random.below(90_000)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

export interface Ward {
  readonly instance: Instance;
  readonly folder: string;
  load(rows: string): Promise<void>;
  /** The policy proposed and agreed to by both owners. */
  agree(rules?: readonly object[]): Promise<void>;
  /** A masked dataset to its end, as an operator sees it. */
  mask(spec?: object, merchant?: string): Promise<JobView>;
  close(): Promise<void>;
}

/** An instance with a ward of patients and grants for two merchants. */
export async function openWard(rows: string, settings: Readonly<Record<string, string>> = {}): Promise<Ward> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-ward-'));
  const instance = await openInstance({
    dataDir: join(folder, 'data'),
    config: readConfig(settings),
    clock: CLOCK,
    rng: RNG,
    embedded: true,
  });
  const { operations } = instance;
  const ward: Ward = {
    instance,
    folder,
    async load(text) {
      await writeFile(join(folder, 'patients.csv'), text);
      const task = done(await operations.startLoad(person('source-1'), { declaration: DECLARATION, baseFolder: folder }));
      done(await operations.awaitLoad(person('source-1'), task.id));
    },
    async agree(rules = WARD_RULES) {
      const { id } = done(await operations.proposeMaskPolicy(person('operator-1'), { policy: 'ward-out', dataset: 'ward', rules }));
      for (const owner of ['authority-1', 'secrecy-1'])
        done(await operations.decideMaskPolicy(person(owner), { id, decision: 'approve', reason: 'read' }));
    },
    async mask(spec = {}, merchant = 'merchant-a') {
      const asked = {
        dataset: 'ward',
        table: 'patients',
        k: 10,
        wishes: [],
        suppress: 0.05,
        algorithm: 'lattice',
        basis: 'mask',
        ...spec,
      } as const;
      const job = done(await operations.maskDataset(person(merchant), asked));
      return done(await operations.awaitJob(person('operator-1'), job.id));
    },
    async close() {
      await instance.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await ward.load(rows);
  for (const merchant of ['merchant-a', 'merchant-b'])
    done(
      await operations.createGrant(person('operator-1'), {
        merchant,
        dataset: 'ward',
        scenario: 'flu-study',
        tables: { patients: '*' },
        endsOn: '2099-12-31',
      }),
    );
  return ward;
}
