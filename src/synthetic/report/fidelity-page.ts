import { escapeHtml } from '../../kernel/html-text.ts';
import type { FidelityReport } from './fidelity-report.ts';
import { bars, heatMap, scale } from './page-pictures.ts';

const GOOD = 0.95;
const FAIR = 0.85;

/** How two tables hang together in both data sets, as the page shows it. */
export interface PageLink {
  readonly child: string;
  readonly parent: string;
  readonly cardinality: number;
  readonly integrity: number;
  readonly trends: number | null;
}

const STYLE = `:root{--ink:#1b2733;--soft:#5b6b7b;--line:#d5dde5;--paper:#fff;--tint:#f3f6f9}
*{box-sizing:border-box}body{font:15px/1.55 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:var(--ink);background:var(--paper);max-width:72rem;margin:2rem auto;padding:0 1.2rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.25rem;margin:2.6rem 0 .6rem;border-bottom:2px solid var(--line);padding-bottom:.2rem}h3{font-size:1.02rem;margin:1.8rem 0 .5rem}
.zh{color:var(--soft);font-weight:400}.note{color:var(--soft);margin:.3rem 0}.wide{overflow-x:auto}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.8rem}.card{border:1px solid var(--line);border-left:6px solid;border-radius:.3rem;padding:.6rem .9rem;background:var(--tint)}
.card b{display:block}.good{border-left-color:#2f855a}.fair{border-left-color:#b7791f}.poor{border-left-color:#c53030}.card span{overflow-wrap:anywhere}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr));gap:1rem}figure{margin:0;border:1px solid var(--line);border-radius:.3rem;padding:.6rem .7rem}
figcaption{display:flex;justify-content:space-between;font-weight:600;margin-bottom:.3rem;overflow-wrap:anywhere}figcaption span{font-weight:400;white-space:nowrap;padding-left:.6rem}
svg{max-width:100%;height:auto;display:block}svg text{font:11px system-ui,"Noto Sans CJK SC",sans-serif;fill:var(--soft)}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{padding:.3rem .9rem;text-align:left;border-bottom:1px solid var(--line);font-weight:400}td.n{text-align:right;white-space:nowrap}
.key i{display:inline-block;width:.9em;height:.9em;border-radius:2px;vertical-align:-.1em;margin:0 .3em 0 1em}
@media print{body{margin:0}figure,.card{break-inside:avoid}}`;

/**
 * The report as one HTML page without scripts or anything from elsewhere: what to trust and what not, distributions side by side,
 * a heat map of pairs, and how tables hang together. For merchants; in English and Chinese.
 * Source: synthetic-and-masking.md §11 item 4; the issue's "page with pictures that a merchant understands".
 */
export function fidelityPage(reports: readonly FidelityReport[], title: string, links: readonly PageLink[] = []): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>
${STYLE}
</style></head><body><h1>${escapeHtml(title)}: how far to trust the simulation <span class="zh" lang="zh">仿真数据可信程度</span></h1>
<p class="note">Every figure compares simulated rows with real ones; no figure speaks of few real rows. A conclusion that rests on what is marked as not to be trusted must be checked on real data.<br><span lang="zh">各项指标将仿真数据与真实数据对比，均不涉及少量真实数据。依据“不可信”部分得出的结论须在真实数据上复核。</span></p>
${reports.map(section).join('\n')}
${links.length === 0 ? '' : between(links)}
</body></html>
`;
}

function section(report: FidelityReport): string {
  const { score, pictures } = report;
  const names = score.columns.map((column) => column.column);
  const shape = new Map(score.columns.map((column) => [column.column, column.shape]));
  const sorted = pictures.toSorted((left, right) => (shape.get(left.column) ?? 0) - (shape.get(right.column) ?? 0));
  return `<h2>${escapeHtml(score.table)}</h2>
${trust(report)}
<h3>Figures <span class="zh" lang="zh">指标</span></h3><div class="wide"><table>${figures(report)
    .map(
      ([en, zh, value]) =>
        `<tr><th>${escapeHtml(en)} <span class="zh" lang="zh">${escapeHtml(zh)}</span></th><td class="n">${escapeHtml(value)}</td></tr>`,
    )
    .join('')}</table></div>
<h3>Distributions, least alike first <span class="zh" lang="zh">分布对比（差异最大者在前）</span></h3>
<p class="note key"><i style="background:#8a97a5"></i>real <span lang="zh">真实</span><i style="background:#2b6cb0"></i>simulated <span lang="zh">仿真</span>. Real bars of too few rows are left out. <span lang="zh">少于阈值的真实格不显示。</span></p>
<div class="pictures">${sorted.map((picture) => bars(picture, shape.get(picture.column))).join('')}</div>
${
  names.length < 2
    ? ''
    : `<h3>Pairs of columns <span class="zh" lang="zh">字段两两关系</span></h3>
<p class="note">Green: the two columns hang together as in the real rows. Red: they do not; do not study their relation on simulated rows. <span lang="zh">绿色：两字段关系与真实数据一致；红色：不一致，不宜在仿真数据上研究其关系。</span></p>
<div class="wide">${heatMap(names, score.pairs)}${scale()}</div>`
}`;
}

/** What may be relied upon, in words. */
function trust({ score }: FidelityReport): string {
  const named = (least: number, below: number): string =>
    score.columns
      .filter((column) => column.shape >= least && column.shape < below)
      .map((column) => column.column)
      .join(', ') || '–';
  const weak = score.pairs
    .filter((pair) => pair.score < FAIR)
    .toSorted((left, right) => left.score - right.score)
    .map((pair) => `${pair.left} × ${pair.right}`);
  const shown = weak.length > MOST_WEAK ? [...weak.slice(0, MOST_WEAK), `+ ${weak.length - MOST_WEAK}`] : weak;
  const card = (kind: string, en: string, zh: string, what: string): string =>
    `<div class="card ${kind}"><b>${en} <span class="zh" lang="zh">${zh}</span></b><span>${escapeHtml(what)}</span></div>`;
  return `<div class="cards">${[
    card('good', 'Columns to trust', '可信字段', named(GOOD, 2)),
    card('fair', 'Roughly right', '大致可信', named(FAIR, GOOD)),
    card('poor', 'Columns not to trust', '不可信字段', named(-1, FAIR)),
    card(weak.length === 0 ? 'good' : 'poor', 'Pairs not to trust', '关系不可信的字段对', shown.join(', ') || '–'),
  ].join('')}</div>`;
}

const MOST_WEAK = 12;

const percent = (value: number | null): string => (value === null || Number.isNaN(value) ? '–' : `${(100 * value).toFixed(1)} %`);

function figures({
  score,
  newRows,
  closestDistanceSmokeTest,
  target,
  audit,
}: FidelityReport): readonly (readonly [string, string, string])[] {
  const rows: (readonly [string, string, string])[] = [
    ['One column is off by', '单字段偏差', percent(score.oneWayTvd)],
    ['Two columns together are off by', '两字段联合偏差', percent(score.twoWayTvd)],
    ['Three columns together are off by', '三字段联合偏差', percent(score.threeWayTvd)],
    ['Column shapes alike', '字段分布相似度', percent(score.columnShapes)],
    ['Pair trends alike', '字段关系相似度', percent(score.pairTrends)],
    ['Rows like no real row', '与真实行均不相同的行', percent(newRows)],
    [
      'Distance to the closest real row (a smoke test, proves nothing)',
      '与最近真实行的距离（仅为粗测，不证明隐私）',
      closestDistanceSmokeTest.toFixed(3),
    ],
  ];
  if (target !== undefined) {
    rows.push([`Learning ${target.target} from real rows, F1`, '用真实数据学习', target.real.f1.toFixed(3)]);
    rows.push([`Learning ${target.target} from simulated rows, F1`, '用仿真数据学习', target.synthetic.f1.toFixed(3)]);
  }
  if (audit !== undefined) {
    const { outcome, plantedFault } = audit;
    const allowed = percent(outcome.accuracyBound);
    rows.push([
      `Guessing who was in the data (ε = ${audit.epsilon}), allowed up to ${allowed}`,
      `成员推断攻击准确率（上限 ${allowed}）`,
      `${percent(outcome.accuracy)} ${outcome.passed ? '✓' : '✗'}`,
    ]);
    rows.push([
      'A planted fault (no noise) is caught by the same attack',
      '植入故障（无噪声）被同一攻击发现',
      plantedFault.passed ? '✗' : '✓',
    ]);
  }
  return rows;
}

/** References, numbers of rows per parent, and trends across a join. */
function between(links: readonly PageLink[]): string {
  const rows = links.map(
    ({ child, parent, cardinality, integrity, trends }) =>
      `<tr><th>${escapeHtml(child)} → ${escapeHtml(parent)}</th><td class="n">${percent(integrity)}</td><td class="n">${percent(cardinality)}</td><td class="n">${percent(trends)}</td></tr>`,
  );
  return `<h2>Between tables <span class="zh" lang="zh">表间关系</span></h2><div class="wide"><table>
<tr><th></th><th>References found <span class="zh" lang="zh">引用完整</span></th><th>Rows per parent alike <span class="zh" lang="zh">子行数分布相似度</span></th><th>Trends across the join alike <span class="zh" lang="zh">跨表关系相似度</span></th></tr>
${rows.join('\n')}</table></div>`;
}
