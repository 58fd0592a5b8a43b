import { escapeHtml } from '../../../kernel/html-text.ts';
import type { ModelReport } from './model-report.ts';
import type { ReportPictures } from './report-pictures.ts';
import { RULES } from './rule.ts';

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%}td,th{padding:.25rem .5rem;border-bottom:1px solid #d8dee4;text-align:left;vertical-align:top}.n{text-align:right;font-variant-numeric:tabular-nums}.pass{color:#1a7f37}.review{color:#9a6700}.fail{color:#b42318;font-weight:600}.zh{color:#57606a}svg{max-width:100%;height:auto}`;
const COLOURS = { pass: '#1a7f37', review: '#bf8700', fail: '#b42318' } as const;
const WORDS = {
  pass: ['may leave', '可以出域'],
  review: ['a person has to say why it is all right', '须由人工说明理由'],
  fail: ['may not leave', '不得出域'],
} as const;
const CURVES = ['#0969da', '#8250df', '#bc4c00', '#116329'] as const;

/** Whatever comes from a specification or a rule. */
const both = ({ en, zh }: { readonly en: string; readonly zh: string }): string =>
  `${escapeHtml(en)} <span class="zh" lang="zh">${escapeHtml(zh)}</span>`;

/**
 * The report of a release check as one page that needs nothing else: verdict, pictures, every rule that was tried with its value, threshold, version
 * and seed, and what would mend those that did not pass. No script, no link. Source: issue "Models" (a report on which an operator can decide).
 */
export function modelReportPage(id: string, report: ModelReport): string {
  const { verdict, algorithm, features, metrics, findings, files, pictures } = report;
  const rows = findings.map(
    (found) =>
      `<tr><th>${escapeHtml(found.rule)}</th><td>${both(found.title)}</td><td class="${found.verdict}">${found.verdict}</td><td class="n">${figure(found.value)}</td><td class="n">${figure(found.threshold)}</td><td class="n">${escapeHtml(found.version)} / ${found.seed}</td></tr>`,
  );
  const fixes = findings.flatMap(({ rule, fix }) =>
    fix === undefined ? [] : [`<li><strong>${escapeHtml(rule)}</strong> ${both(fix)}</li>`],
  );
  const figures = Object.entries(metrics).map(
    ([name, value]) => `<tr><th>${escapeHtml(name)}</th><td class="n">${figure(value)}</td></tr>`,
  );
  const [en, zh] = WORDS[verdict];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Model ${escapeHtml(id)}</title><style>${STYLE}</style></head><body>
<h1>Release check of model ${escapeHtml(id)} <span class="zh" lang="zh">模型发布检查</span></h1>
<p class="${verdict}">${verdict}: ${en} <span class="zh" lang="zh">${zh}</span></p>
<p>${escapeHtml(algorithm)}, ${features} features; files: ${files.map(({ name, bytes }) => `${escapeHtml(name)} (${bytes} bytes)`).join(', ')}</p>
<h2>Hold-out <span class="zh" lang="zh">留出集</span></h2><table>${figures.join('')}</table>
<h2>What would mend it <span class="zh" lang="zh">如何修正</span></h2>${fixes.length === 0 ? '<p>Nothing to mend. 无需修正。</p>' : `<ul>${fixes.join('')}</ul>`}
<h2>Risk by rule <span class="zh" lang="zh">各项风险</span></h2>${riskPicture(report)}
${pictures === undefined ? '' : `<h2>Attacks on membership <span class="zh" lang="zh">成员推断攻击</span></h2>${curvesPicture(pictures)}<h2>Units behind ${pictures.support.of}, the fewest first <span class="zh" lang="zh">支撑单元数</span></h2>${supportBars(pictures)}`}
<h2>What was tried <span class="zh" lang="zh">检查项目</span></h2>
<table><tr><th>rule</th><th></th><th>verdict</th><th class="n">value</th><th class="n">threshold</th><th class="n">version / seed</th></tr>${rows.join('')}</table>
</body></html>
`;
}

function figure(value: number | null): string {
  return value === null ? '?' : escapeHtml(String(Math.round(value * 10_000) / 10_000));
}

/** How near each rule is to its threshold: the line is the threshold. What could not be measured fills the bar. */
function riskPicture({ findings }: ModelReport): string {
  const [row, label, width] = [18, 60, 560];
  const bars = findings.map(({ rule, verdict, value, threshold }, at) => {
    const share = riskShare(value, threshold, RULES[rule]?.direction === 'below');
    const y = at * row;
    return `<text x="0" y="${y + 13}" font-size="12">${escapeHtml(rule)}</text><rect x="${label}" y="${y + 3}" width="${Math.max(1, (share / 2) * width).toFixed(1)}" height="${row - 6}" fill="${COLOURS[verdict]}"/>`;
  });
  const height = findings.length * row;
  const middle = label + width / 2;
  return `<svg viewBox="0 0 ${label + width} ${height}" width="${label + width}" height="${height}" role="img" aria-label="value of each rule over its threshold">${bars.join('')}<line x1="${middle}" y1="0" x2="${middle}" y2="${height}" stroke="#1b1f24" stroke-dasharray="4 3"/></svg>`;
}

/** 1 at the threshold, 2 at most. */
function riskShare(value: number | null, threshold: number, isBelow: boolean): number {
  if (value === null) return 2;
  const [part, whole] = isBelow ? [threshold, value] : [value, threshold];
  return whole === 0 ? (part > 0 ? 2 : 0) : Math.min(2, Math.abs(part / whole));
}

function curvesPicture({ attacks }: ReportPictures): string {
  const size = 300;
  const at = (x: number, y: number): string => `${(30 + x * size).toFixed(1)},${(10 + (1 - y) * size).toFixed(1)}`;
  const lines = attacks.map(({ points }, nth) => {
    const path = points.map(([x, y]) => at(x, y)).join(' ');
    return `<polyline fill="none" stroke="${CURVES[nth % CURVES.length] ?? '#0969da'}" stroke-width="2" points="${path}"/>`;
  });
  const names = attacks.map(
    ({ rule }, nth) =>
      `<text x="${size + 45}" y="${30 + nth * 20}" font-size="13" fill="${CURVES[nth % CURVES.length] ?? '#0969da'}">${escapeHtml(rule)}</text>`,
  );
  return `<svg viewBox="0 0 ${size + 110} ${size + 40}" width="${size + 110}" height="${size + 40}" role="img" aria-label="members found by false alarms"><rect x="30" y="10" width="${size}" height="${size}" fill="none" stroke="#d8dee4"/><polyline fill="none" stroke="#8c959f" stroke-dasharray="4 3" points="${at(0, 0)} ${at(1, 1)}"/>${lines.join('')}${names.join('')}<text x="30" y="${size + 32}" font-size="12">false alarms 误报率 →</text></svg>`;
}

/** On a logarithmic scale; the line is the least number of units. */
function supportBars({ support: { units, least } }: ReportPictures): string {
  const [width, height, step] = [680, 160, Math.min(24, 640 / Math.max(1, units.length))];
  const most = Math.log10(Math.max(10, least * 2, ...units));
  const tall = (value: number): number => (Math.log10(Math.max(1, value)) / most) * height;
  const bars = units.map(
    (value, at) =>
      `<rect x="${(at * step).toFixed(1)}" y="${(height - tall(value)).toFixed(1)}" width="${(step * 0.8).toFixed(1)}" height="${tall(value).toFixed(1)}" fill="${value < least ? COLOURS.fail : '#0969da'}"/>`,
  );
  const y = (height - tall(least)).toFixed(1);
  return `<svg viewBox="0 0 ${width} ${height + 20}" width="${width}" height="${height + 20}" role="img" aria-label="units behind each part">${bars.join('')}<line x1="0" y1="${y}" x2="${width}" y2="${y}" stroke="#b42318" stroke-dasharray="4 3"/><text x="${width - 60}" y="${Number(y) - 4}" font-size="12">k = ${least}</text></svg>`;
}
