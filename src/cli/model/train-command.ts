import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelView } from '../../operations/model-interface.ts';
import { query, readAll, segment } from '../api-client.ts';
import type { JobView } from '../api-paths.ts';
import { followJob } from '../commands/job.ts';
import { UsageError } from '../outcome.ts';
import type { Session } from '../session.ts';
import { textTable } from '../text-table.ts';
import { jobText } from '../view-text.ts';

/** `model train`: submits the specification and, of simulation data, shows the report. Source: formats.md, "Commands". */
export async function trainCommand(
  session: Session,
  options: { readonly spec: string; readonly target: 'sim' | 'real'; readonly wait: boolean; readonly out?: string },
): Promise<void> {
  const specification = await readSpecification(options.spec);
  const job = await session.client.postAsWritten('/v1/models', { specification, target: options.target });
  await followJob(
    session,
    job,
    options.wait,
    async () => progressText(await session.client.get(`/v1/models/${segment(job.id)}`)),
    trainedText,
  );
  if (options.target === 'real' && options.out !== undefined) session.output.note(LEAVES_BY_RELEASE);
  if (!options.wait || options.target !== 'sim') return;
  const model = await session.client.get(`/v1/models/${segment(job.id)}`);
  if (options.out !== undefined) await writeFiles(options.out, model.files ?? []);
  const { files: _files, ...shown } = model;
  session.output.record(shown, modelText(model, session.options.language));
}

/** `model show`. Source: formats.md, "Commands". */
export async function showCommand(
  { client, output, options }: Session,
  id: string,
  { out, page }: { readonly out?: string; readonly page?: string },
): Promise<void> {
  const model = await client.get(`/v1/models/${segment(id)}`);
  if (out !== undefined && model.files === undefined) output.note(model.target === 'real' ? LEAVES_BY_RELEASE : 'The model has no files.');
  else if (out !== undefined) await writeFiles(out, model.files ?? []);
  if (page !== undefined) await writeFile(page, await readAll(await client.download(`/v1/models/${segment(id)}?format=html`)));
  const { files: _files, ...shown } = model;
  output.record(shown, modelText(model, options.language));
}

/** `model list`. Source: formats.md, "Commands". */
export async function listCommand({ client, output }: Session, dataset: string | undefined): Promise<void> {
  const models = await client.list(`/v1/models${query({ dataset })}`);
  if (output.json) for (const model of models) output.record(model, '');
  else
    output.record(
      null,
      textTable(
        ['model', 'dataset', 'target', 'state', 'algorithm', 'verdict'],
        models.map(({ id, dataset: of, target, state, algorithm, verdict }) => [id, of, target, state, algorithm, verdict ?? '']),
      ),
    );
}

async function readSpecification(file: string): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)));
  } catch {
    throw new UsageError(`The specification cannot be read as a JSON file: ${file}`);
  }
}

/** Names come from the instance: only those that a model has are written. */
async function writeFiles(folder: string, files: NonNullable<ModelView['files']>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, base64 } of files) {
    if (!/^model[a-z.-]*$/.test(name)) throw new UsageError('The instance named a file that is none of a model');
    await writeFile(join(folder, name), Buffer.from(base64, 'base64'));
  }
}

const LEAVES_BY_RELEASE =
  'The files of a model of real data leave by a release: sluice egress show REQUEST, then sluice release download RELEASE.';

/** Of simulation data the report comes after it, and says what is next. */
function trainedText(view: JobView): string {
  return view.state === 'SIM_PASSED' ? `Job ${view.id} (${view.target}, ${view.dataset}): ${view.state}` : jobText(view);
}

/** What its author does next, or waits for. */
function nextText({ target, state, egressId, verdict }: ModelView): readonly string[] {
  if (target === 'sim' && state === 'SIM_PASSED')
    return [
      verdict === 'releasable'
        ? 'Next: the same specification with --target real.'
        : 'Not releasable: change the specification and train again.',
    ];
  if (egressId === undefined) return [];
  const next =
    state === 'DONE'
      ? 'The request names the release: sluice egress show, then sluice release download RELEASE.'
      : 'Next: its approval (sluice egress show).';
  return [`Egress request: ${egressId}. ${next}`];
}

function progressText({ progress }: ModelView): string | null {
  return progress === undefined ? null : `${progress.step.replace('_', ' ')} ${progress.percent} %`;
}

function modelText(model: ModelView, language: 'en' | 'zh'): string {
  const { report } = model;
  const head = `${model.id}  ${model.algorithm}  ${model.state}${model.verdict === undefined ? '' : `  ${model.verdict}`}\nspecification ${model.specification}`;
  if (report === undefined) return [head, progressText(model) ?? [], nextText(model)].flat().join('\n');
  const figures = Object.entries(report.metrics).map(([name, value]) => `${name} ${value}`);
  const rows = report.findings.map(({ rule, verdict, value, threshold, title }) => [
    rule,
    verdict,
    value ?? '?',
    threshold,
    title[language],
  ]);
  const fixes = report.findings.flatMap(({ rule, fix }) => (fix === undefined ? [] : [`${rule}: ${fix[language]}`]));
  return [
    head,
    `release check: ${report.verdict}`,
    ...figures,
    textTable(['rule', 'verdict', 'value', 'limit', ''], rows),
    ...fixes,
    ...nextText(model),
  ].join('\n');
}
