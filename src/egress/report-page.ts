import { escapeHtml } from '../kernel/html-text.ts';
import { barPicture } from './bar-picture.ts';
import { isNumericType } from './cell-types.ts';
import type { Provenance } from './provenance.ts';
import type { ReleaseCell, ReleaseTable } from './release-content.ts';
import { UNTOLD } from './withheld-band.ts';

const MAX_ROWS = 1000;

const STYLE = `body{font:16px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b2733;background:#fff}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem;border-bottom:1px solid #c8d2dc;padding-bottom:.2rem}
.zh{color:#48586a}table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{border:1px solid #c8d2dc;padding:.25rem .6rem;text-align:left}
td.n,th.n{text-align:right}th{background:#eef2f6}pre{background:#eef2f6;padding:.8rem;white-space:pre-wrap;overflow-wrap:anywhere}
.wide{overflow-x:auto}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:#48586a}dd{margin:0;overflow-wrap:anywhere}
.note{border-left:4px solid #b7791f;padding:.4rem .8rem;background:#fdf6e7}svg{max-width:100%;height:auto}svg rect{fill:#2b6cb0}svg text{font-size:12px;fill:#1b2733}`;

function heading(en: string, zh: string): string {
  return `<h2>${en} <span class="zh" lang="zh">${zh}</span></h2>`;
}

function tableHtml(table: ReleaseTable): string {
  const number = table.columns.map((column) => isNumericType(column.type));
  const cell = (value: ReleaseCell, at: number): string =>
    `<td${number[at] ? ' class="n"' : ''}>${value === null ? '–' : escapeHtml(String(value))}</td>`;
  const head = table.columns.map((column, at) => `<th${number[at] ? ' class="n"' : ''}>${escapeHtml(column.name)}</th>`).join('');
  const rows = table.rows
    .slice(0, MAX_ROWS)
    .map((row) => `<tr>${table.columns.map((_column, at) => cell(row[at] ?? null, at)).join('')}</tr>`);
  const more =
    table.rows.length > MAX_ROWS
      ? `<p>The first ${MAX_ROWS} of ${table.rows.length} rows; all are in data.csv. <span class="zh" lang="zh">仅显示前 ${MAX_ROWS} 行（共 ${table.rows.length} 行），全部数据见 data.csv。</span></p>`
      : '';
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table></div>${more}`;
}

function withheldWords(band: string): readonly [string, string] {
  if (band === UNTOLD)
    return ['Groups and cells may have been withheld; how many is not told.', '可能有分组或单元格被抑制，数量不予说明。'];
  const en = `Known labels without a row of their own, because they are empty or were withheld: ${band}. Empty cells were withheld.`;
  return [en, `公开标签中未单独列出的个数（无数据或被抑制）：${band}。空白单元格为被抑制的单元格。`];
}

function withheldHtml(band: string): string {
  const [en, zh] = withheldWords(band);
  return `<p>${escapeHtml(en)} <span class="zh" lang="zh">${escapeHtml(zh)}</span></p>`;
}

function facts(provenance: Provenance): readonly (readonly [string, string, string])[] {
  const policy = provenance.policy;
  return [
    ['Release', '发布编号', provenance.release],
    ['Egress request', '出域申请', provenance.egress],
    ['Job', '作业', provenance.job],
    ['Kind of product', '产品类型', provenance.productKind ?? 'indicator'],
    ['Recipient', '接收方', provenance.merchant],
    ['Purpose', '用途', provenance.purpose ?? '–'],
    ['Egress profile', '出域规则', provenance.profile],
    ['Data set and version', '数据集及版本', `${provenance.dataset} ${provenance.datasetVersion}`],
    ['Digest of the data', '数据摘要', provenance.datasetDigest],
    [
      'Policy',
      '披露控制策略',
      `k = ${policy.k}; (${policy.dominance.units}, ${policy.dominance.share * 100} %); p = ${policy.pShare * 100} %`,
    ],
    ['Criteria applied', '适用规则', provenance.criteria.join(', ')],
    ['Isolation of the run', '运行隔离级别', provenance.isolation],
    ['Approvals', '审核', provenance.votes.map((vote) => `${vote.by}: ${vote.vote} (${vote.at})`).join('; ')],
    ['Filing receipt', '备案回执', provenance.filingReceipt === '' ? '–' : provenance.filingReceipt],
    ...(provenance.riskAssessment === undefined ? [] : [['Risk assessment', '风险评估', provenance.riskAssessment] as const]),
    ...(provenance.firstRelease === undefined ? [] : [['First released as', '首次发布编号', provenance.firstRelease] as const]),
    ['Released at (UTC)', '发布时间（UTC）', provenance.releasedAt],
    ['Digest of the content', '内容摘要', provenance.contentDigest],
  ];
}

/** The visible mark: whose copy this is and what for. Source: requirements GZ-27c, GZ-27e. */
function recipientMark({ merchant, purpose = '–', release }: Provenance): string {
  const en = `For ${merchant} alone, for: ${purpose}. Copy ${release}.`;
  const zh = `仅供 ${merchant} 使用，用途：${purpose}。副本编号 ${release}。`;
  return `<p class="note">${escapeHtml(en)}<br><span class="zh" lang="zh">${escapeHtml(zh)}</span></p>`;
}

/** What stands for the table where the product is no table. */
function filesHtml(files: readonly string[]): string {
  return `<ul>${files.map((name) => `<li>${escapeHtml(name)}</li>`).join('')}</ul>`;
}

/**
 * The human-readable side of a release: one self-contained page in English and Chinese, no script, no link to
 * anything, every value escaped. Says what was asked, what came out, and in bands what did not. Its table stops at
 * 1,000 rows and says so.
 * Source: requirements GZ-22a, GZ-27e (purpose stands on the product); egress-rules.md (withheld in bands).
 */
export function reportPage(table: ReleaseTable, provenance: Provenance, files: readonly string[] = []): string {
  const isTable = table.columns.length > 0;
  const picture = isTable ? barPicture(table) : '';
  const list = facts(provenance).map(([en, zh, value]) => `<dt>${en} ${zh}</dt><dd>${escapeHtml(value)}</dd>`);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>Sluice release ${escapeHtml(provenance.release)}</title><style>${STYLE}</style></head><body>`,
    `<h1>Released result <span class="zh" lang="zh">出域结果</span></h1>`,
    recipientMark(provenance),
    `<p class="note">${escapeHtml(provenance.caution.en)}<br><span class="zh" lang="zh">${escapeHtml(provenance.caution.zh)}</span></p>`,
    heading('What was asked', '查询内容'),
    `<pre>${escapeHtml(provenance.canonicalSql)}</pre>`,
    heading('What came out', '查询结果'),
    picture,
    isTable ? tableHtml(table) : '',
    files.length > 0 ? filesHtml(files) : '',
    heading('What was withheld', '被抑制的内容'),
    withheldHtml(provenance.withheldBand),
    heading('Where it comes from', '来源与审批'),
    `<dl>${list.join('\n')}</dl>`,
    '</body></html>',
    '',
  ]
    .filter((line, at, all) => line !== '' || at === all.length - 1)
    .join('\n');
}
