import { readFile } from 'node:fs/promises';
import type { JobView } from '../../operations/operations.ts';
import { followJob } from '../commands/job.ts';
import { UsageError } from '../outcome.ts';
import type { Session } from '../session.ts';

export interface ScoreOptions {
  readonly dataset: string;
  readonly onnx: string;
  readonly sql: string;
  readonly target: 'sim' | 'real';
  readonly wait: boolean;
}

/** `model score`: submits model and query as one job and waits for its end. Source: formats.md, "Commands"; issue "Models". */
export async function scoreCommand(session: Session, { dataset, onnx, target, wait }: ScoreOptions, sql: string): Promise<void> {
  const model = { format: 'onnx', base64: (await readModel(onnx)).toString('base64') };
  await followJob(session, await session.client.post<JobView>('/v1/models/scores', { dataset, sql, target, model }), wait);
}

async function readModel(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch {
    throw new UsageError(`There is no such file, or it cannot be read: ${file}`);
  }
}
