import { csvText } from '../../kernel/csv-text.ts';
import { escapeHtml } from '../../kernel/html-text.ts';
import type { Report, ReportCell } from './report.ts';

/** CSV with a header of column names. Source: RFC 4180; OWASP, "CSV Injection". */
export function reportCsv(report: Report): string {
  const lines = [report.columns.map((column) => column.name), ...report.rows];
  return lines.map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(cell: ReportCell): string {
  return typeof cell === 'number' ? String(cell) : csvText(cell);
}

/** One printable page in Chinese and English, without scripts or anything from elsewhere. Source: requirements.md §9. */
export function reportPage(report: Report): string {
  const { title, from, to, madeAt, columns, rows, meets } = report;
  const head = columns.map((column) => `<th>${escapeHtml(column.zh)}<br><small>${escapeHtml(column.en)}</small></th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(String(cell))}</td>`).join('')}</tr>`).join('\n');
  const none = rows.length === 0 ? '<p>本期无记录。 Nothing in this period.</p>' : '';
  return `<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>${escapeHtml(title.zh)}</title><style>
body{font:14px/1.6 'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',system-ui,sans-serif;max-width:72em;margin:2em auto;padding:0 1em}
table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3em .6em;text-align:left;vertical-align:top}thead{display:table-header-group}tr{break-inside:avoid}
@page{size:A4 landscape;margin:15mm}</style></head><body><h1>${escapeHtml(title.zh)}<br><small>${escapeHtml(title.en)}</small></h1>
<p>${from} — ${to} · 生成 made ${escapeHtml(madeAt)} · 依据 source ${escapeHtml(meets.join(', '))}</p>${none}
<table><thead><tr>${head}</tr></thead><tbody>
${body}
</tbody></table></body></html>
`;
}
