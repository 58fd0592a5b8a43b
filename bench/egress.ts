import { formatFindings } from '../src/egress/result-format.ts';
import { testReversibility } from '../src/egress/reversibility/test-reversibility.ts';
import { scanText } from '../src/identifiers/detect/scan-text.ts';
import { detectTable } from '../src/identifiers/detect-table.ts';
import { scanDisguised } from '../src/identifiers/disguise/scan-disguised.ts';
import { IDENTIFIER_KINDS } from '../src/identifiers/identifier-kind.ts';
import type { Emit } from './bench-line.ts';
import { identifierCorpus, type LabelledText, seededRandom } from './identifier-corpus.ts';

const CORPUS = 100_000;
const SEED = 20_260_801;
const TABLE_ROWS = 20_000;

/**
 * Detectors and the automatic gate: precision and recall of each kind on a generated corpus, bytes per second of processor time, and the time of
 * the gate for results of 20 columns. Prints figures, asserts nothing.
 */
export function runDetectorBench(emit: Emit): void {
  const corpus = identifierCorpus(CORPUS, SEED);
  emitAccuracy(corpus, emit);
  const open = corpus.map(({ text }) => text);
  emitRate('detect, half identifiers', [{ name: 'text', cells: open.slice(0, TABLE_ROWS) }], emit);
  emitRate('detect, register of 8 columns', register(TABLE_ROWS), emit);
  emitRate('detect, figures of 20 columns', figures(TABLE_ROWS), emit);
  for (const rows of [10, 1000, 5000]) {
    const columns = figures(rows);
    const table = {
      columns: columns.map(({ name }) => ({ name, type: 'VARCHAR' })),
      rows: Array.from({ length: rows }, (_, row) => columns.map((column) => column.cells[row] ?? null)),
    };
    const started = performance.now();
    formatFindings(table);
    detectTable(columns);
    emit({ name: `gate, ${rows} rows × 20 columns`, metric: 'time', value: (performance.now() - started) / 1000, unit: 's' });
  }
  const original = { name: 'x', cells: figures(5000)[3]?.cells ?? [] };
  const started = performance.now();
  testReversibility({
    protectedColumns: [original],
    original: [original],
    released: [{ name: 'y', cells: original.cells.map((cell) => String(Number(cell) * 3 + 1)) }],
    earlier: [],
    k: 10,
  });
  emit({ name: 'reversibility, 5000 rows, one pair', metric: 'time', value: (performance.now() - started) / 1000, unit: 's' });
}

function emitAccuracy(corpus: readonly LabelledText[], emit: Emit): void {
  const counted = new Map(IDENTIFIER_KINDS.map((kind) => [kind, { right: 0, wrong: 0, missed: 0 }]));
  for (const { text, kind } of corpus) {
    const open = scanText(text);
    const found = new Set((open.length > 0 ? open : scanDisguised(text)).map((find) => find.kind));
    for (const [name, count] of counted) {
      if (found.has(name)) count[name === kind ? 'right' : 'wrong'] += 1;
      else if (name === kind) count.missed += 1;
    }
  }
  for (const [kind, { right, wrong, missed }] of counted) {
    emit({ name: `detect, ${kind}`, metric: 'precision', value: right / Math.max(1, right + wrong), unit: '' });
    emit({ name: `detect, ${kind}`, metric: 'recall', value: right / Math.max(1, right + missed), unit: '' });
  }
}

type Columns = readonly { readonly name: string; readonly cells: readonly string[] }[];

function emitRate(name: string, columns: Columns, emit: Emit): void {
  const bytes = columns.reduce((sum, column) => sum + column.cells.reduce((length, cell) => length + Buffer.byteLength(cell) + 1, 0), 0);
  detectTable(columns);
  const before = process.cpuUsage();
  const started = performance.now();
  detectTable(columns);
  emit({ name, metric: 'per second of processor time', value: bytes / process.cpuUsage(before).user, unit: 'MB/s' });
  emit({ name, metric: 'per second', value: bytes / 1000 / (performance.now() - started), unit: 'MB/s' });
}

function figures(rows: number): Columns {
  const random = seededRandom(SEED);
  const districts = ['海淀区', '朝阳区', '徐汇区', '天河区'];
  return Array.from({ length: 20 }, (_, column) => ({
    name: `c${column}`,
    cells: Array.from({ length: rows }, () =>
      column === 0
        ? (districts[Math.floor(random() * 4)] ?? '')
        : column % 3 === 0
          ? (random() * 1e7).toFixed(2)
          : String(Math.floor(random() * 1e6)),
    ),
  }));
}

function register(rows: number): Columns {
  const random = seededRandom(SEED);
  const cells = (make: () => string): readonly string[] => Array.from({ length: rows }, make);
  const time = (): Date => new Date(1.5e12 + random() * 2e11);
  return [
    { name: 'district', cells: cells(() => (random() < 0.5 ? '海淀区' : '朝阳区')) },
    { name: 'day', cells: cells(() => time().toISOString().slice(0, 10)) },
    { name: 'seen', cells: cells(() => time().toISOString()) },
    { name: 'amount', cells: cells(() => (random() * 1e7).toFixed(2)) },
    { name: 'industry', cells: cells(() => (random() < 0.5 ? '信息传输、软件和信息技术服务业' : '批发和零售业')) },
    { name: 'code', cells: cells(() => `ORD-2023-${String(Math.floor(random() * 1e7)).padStart(7, '0')}`) },
    { name: 'note', cells: cells(() => `本期共受理${Math.floor(random() * 1e4)}件，较上年同期增长，无异常情况`) },
    { name: 'number', cells: cells(() => `138${String(Math.floor(random() * 1e8)).padStart(8, '0')}`) },
  ];
}
