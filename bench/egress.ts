import { scanText } from '../src/identifiers/detect/scan-text.ts';
import { detectTable } from '../src/identifiers/detect-table.ts';
import { scanDisguised } from '../src/identifiers/disguise/scan-disguised.ts';
import { IDENTIFIER_KINDS, type IdentifierKind } from '../src/identifiers/identifier-kind.ts';
import type { Emit } from './bench-line.ts';
import { identifierCorpus } from './identifier-corpus.ts';

const CORPUS = 100_000;
const SEED = 20_260_801;

/** Detectors on a generated corpus: precision and recall of each kind, bytes per second. Prints figures, asserts nothing. */
export function runDetectorBench(emit: Emit): void {
  const corpus = identifierCorpus(CORPUS, SEED);
  const hits = new Map<IdentifierKind, { right: number; wrong: number; missed: number }>(
    IDENTIFIER_KINDS.map((kind) => [kind, { right: 0, wrong: 0, missed: 0 }]),
  );
  for (const { text, kind } of corpus) {
    const open = scanText(text);
    const found = new Set((open.length > 0 ? open : scanDisguised(text)).map((find) => find.kind));
    for (const [name, counted] of hits) {
      if (found.has(name) && name === kind) counted.right += 1;
      else if (found.has(name)) {
        counted.wrong += 1;
        if (process.env['SLUICE_BENCH_SHOW'] === name) process.stderr.write(`wrong ${text} (${kind})\n`);
      } else if (name === kind) {
        counted.missed += 1;
        if (process.env['SLUICE_BENCH_SHOW'] === name) process.stderr.write(`missed ${text}\n`);
      }
    }
  }
  for (const [kind, { right, wrong, missed }] of hits) {
    emit({ name: `detect, ${kind}`, metric: 'precision', value: right / Math.max(1, right + wrong), unit: '' });
    emit({ name: `detect, ${kind}`, metric: 'recall', value: right / Math.max(1, right + missed), unit: '' });
  }
  const bytes = corpus.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0);
  const cells = corpus.map(({ text }) => text);
  for (let warm = 0; warm < 2; warm += 1) detectTable([{ name: 'text', cells: cells.slice(0, 20_000) }]);
  const started = performance.now();
  detectTable([{ name: 'text', cells }]);
  const seconds = (performance.now() - started) / 1000;
  emit({ name: 'detect, half identifiers', metric: 'throughput', value: bytes / 1e6 / seconds, unit: 'MB/s' });
}
