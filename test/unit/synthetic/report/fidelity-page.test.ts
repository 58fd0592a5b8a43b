import { expect, test } from 'vitest';
import { fidelityPage } from '../../../../src/synthetic/report/fidelity-page.ts';
import { fidelityReport } from '../../../../src/synthetic/report/fidelity-report.ts';
import { EVERY_PAIR, scoreTable } from '../../../../src/synthetic/score/score-report.ts';
import type { ScoredTable } from '../../../../src/synthetic/score/scored-table.ts';

const ROWS = 200;
const codes = (of: (row: number) => number): Int32Array => Int32Array.from({ length: ROWS }, (_, row) => of(row));
const LABELS = ['甲', '<script>alert(1)</script>', '丙'];
const column = (name: string, real: Int32Array, synthetic: Int32Array) => ({
  shown: {
    name,
    kind: 'category' as const,
    real: Array.from(real, (code) => LABELS[code] ?? null),
    synthetic: Array.from(synthetic, (code) => LABELS[code] ?? null),
  },
  cells: { name, declared: 3, ordered: false, labels: LABELS, real, synthetic },
});

async function page(): Promise<string> {
  // Two rows only hold the last value of `rare`: fewer than k.
  const parts = [
    column(
      'like',
      codes((row) => row % 3),
      codes((row) => (row + 1) % 3),
    ),
    column(
      'unlike',
      codes(() => 0),
      codes(() => 2),
    ),
    column(
      'rare',
      codes((row) => (row < 2 ? 2 : row % 2)),
      codes((row) => row % 2),
    ),
  ];
  const table: ScoredTable = {
    table: 'people & "others"',
    realRows: ROWS,
    syntheticRows: ROWS,
    columns: parts.map((part) => part.shown),
    cells: parts.map((part) => part.cells),
  };
  const report = await fidelityReport(table, scoreTable(table, { bins: 'shared', ...EVERY_PAIR }), { k: 10 });
  expect(report.pictures.find((picture) => picture.column === 'rare')?.real[2]).toBe(0);
  const link = { child: 'visits', parent: 'people', cardinality: 0.981, integrity: 1, trends: null };
  return fidelityPage([report], 'city', [link]);
}

test('the page says in both languages what to trust and what not, and shows every picture', async () => {
  const html = await page();
  const card = (words: string): string =>
    new RegExp(`${words} <span class="zh" lang="zh">[^<]*</span></b><span>([^<]*)</span>`).exec(html)?.[1] ?? '';
  expect(card('Columns to trust')).toContain('like');
  expect(card('Columns not to trust')).toBe('unlike');
  expect(card('Pairs not to trust')).toContain('unlike');
  for (const words of ['可信字段', '不可信字段', '分布对比', '字段两两关系', '表间关系']) expect(html).toContain(words);
  expect(html.match(/<figure>/g)).toHaveLength(3);
  expect(html.indexOf('>unlike<span>')).toBeLessThan(html.indexOf('>like<span>'));
  expect(html).toContain('<th>visits → people</th><td class="n">100.0 %</td><td class="n">98.1 %</td><td class="n">–</td>');
});

test('nothing of it runs or is fetched, and names cannot break out', async () => {
  const html = await page();
  expect(html).not.toMatch(/<script|javascript:|https?:|@import|url\(/);
  expect(html).toContain('people &amp; &quot;others&quot;');
  expect(html).toContain('&lt;script&gt;');
});
