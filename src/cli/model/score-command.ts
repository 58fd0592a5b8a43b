import { readFile } from 'node:fs/promises';
import { followJob } from '../commands/job.ts';
import { UsageError } from '../outcome.ts';
import type { Session } from '../session.ts';
import { jobText } from '../view-text.ts';

export interface ScoreOptions {
  readonly dataset?: string;
  readonly onnx?: string;
  readonly wasm?: string;
  readonly sql: string;
  readonly target: 'sim' | 'real';
  readonly wait: boolean;
}

/** `model score`: submits model and query as one job and waits for its end. Source: formats.md, "Commands"; issue "Models". */
export async function scoreCommand(session: Session, { dataset, onnx, wasm, target, wait }: ScoreOptions, sql: string): Promise<void> {
  const file = onnx ?? wasm;
  if (file === undefined) throw new UsageError('Name the model: --onnx <file>, or --wasm <file> for code');
  const model = { format: onnx === undefined ? ('wasm' as const) : ('onnx' as const), base64: (await readModel(file)).toString('base64') };
  const asked = { dataset: dataset ?? (await onlyDataset(session)), sql, target, model };
  await followJob(session, await session.client.post('/v1/models/scores', asked), wait, undefined, (view) =>
    jobText(view, 'model and query'),
  );
}

async function onlyDataset({ client }: Session): Promise<string> {
  const [only, ...more] = await client.list('/v1/datasets');
  if (only === undefined || more.length > 0) throw new UsageError('Name the data set: --dataset <dataset>');
  return only.dataset;
}

async function readModel(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch {
    throw new UsageError(`There is no such file, or it cannot be read: ${file}`);
  }
}
