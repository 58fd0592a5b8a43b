import type { PairScore } from '../score/pair-metrics.ts';
import type { ColumnPicture, FidelityReport } from './fidelity-report.ts';

const WIDTH = 260;
const HEIGHT = 80;
const CELL = 18;
const GOOD = 0.95;
const FAIR = 0.85;

/**
 * The report as one HTML page without scripts or anything from elsewhere: what to trust and what not, distributions side by side,
 * and a heat map of pairs. For merchants; in Chinese and English.
 * Source: synthetic-and-masking.md §11 item 4; the issue's "page with pictures that a merchant understands".
 */
export function fidelityPage(reports: readonly FidelityReport[], title: string): string {
  return `<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>${text(title)}</title><style>
body{font:14px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}h2{margin-top:2em}figure{display:inline-block;margin:.5em 1em .5em 0}
figcaption{font-size:12px}table{border-collapse:collapse}td,th{padding:.2em .8em;text-align:left;border-bottom:1px solid #ddd}.note{color:#555}
</style></head><body><h1>${text(title)}</h1>
<p class="note">灰色：真实数据；蓝色：仿真数据。少于阈值的真实格不显示。 Grey: real rows; blue: simulated rows. Real bars of too few rows are left out.</p>
${reports.map(section).join('\n')}
</body></html>
`;
}

function section(report: FidelityReport): string {
  const { score, pictures } = report;
  return `<h2>${text(score.table)}</h2>
${trust(report)}
<table><tr><th></th><th></th></tr>${figures(report)
    .map(([name, value]) => `<tr><td>${text(name)}</td><td>${text(value)}</td></tr>`)
    .join('')}</table>
<h3>分布 · Distributions</h3>${pictures.map(bars).join('')}
<h3>字段两两关系 · Pairs</h3>${heatMap(
    score.columns.map((column) => column.column),
    score.pairs,
  )}`;
}

/** What may be relied upon, in words. */
function trust({ score }: FidelityReport): string {
  const named = (least: number, below: number): string =>
    score.columns
      .filter((column) => column.shape >= least && column.shape < below)
      .map((column) => column.column)
      .join('、') || '–';
  const weak = score.pairs
    .filter((pair) => pair.score < FAIR)
    .map((pair) => `${pair.left} × ${pair.right}`)
    .slice(0, 10);
  return `<p>可信 · trust: <b>${text(named(GOOD, 2))}</b><br>大致可信 · roughly: ${text(named(FAIR, GOOD))}<br>不可信 · do not trust: ${text(named(-1, FAIR))}<br>关系不可信的字段对 · pairs not to trust: ${text(weak.join('、') || '–')}</p>`;
}

function figures({ score, newRows, closestDistanceSmokeTest, target, audit }: FidelityReport): readonly (readonly [string, string])[] {
  const percent = (value: number | null): string => (value === null || Number.isNaN(value) ? '–' : `${(100 * value).toFixed(1)} %`);
  const rows: (readonly [string, string])[] = [
    ['单字段偏差 · one column off by', percent(score.oneWayTvd)],
    ['两字段偏差 · two columns off by', percent(score.twoWayTvd)],
    ['三字段偏差 · three columns off by', percent(score.threeWayTvd)],
    ['字段分布相似度 · column shapes', percent(score.columnShapes)],
    ['字段关系相似度 · pair trends', percent(score.pairTrends)],
    ['与真实行均不相同的行 · rows like no real row', percent(newRows)],
    [
      '最近真实行距离（仅为粗测，不证明隐私） · distance to the closest real row (smoke test, proves nothing)',
      closestDistanceSmokeTest.toFixed(3),
    ],
  ];
  if (target !== undefined) {
    rows.push([`学习 ${target.target}：真实数据 F1 · learning it from real rows`, target.real.f1.toFixed(3)]);
    rows.push([`学习 ${target.target}：仿真数据 F1 · learning it from simulated rows`, target.synthetic.f1.toFixed(3)]);
  }
  if (audit !== undefined) {
    const { outcome, plantedFault } = audit;
    rows.push([
      `成员推断（ε = ${audit.epsilon}）· membership attack, allowed up to ${percent(outcome.accuracyBound)}`,
      `${percent(outcome.accuracy)} ${outcome.passed ? '✓' : '✗'}`,
    ]);
    rows.push(['植入故障（无噪声）须被发现 · planted fault (no noise) must be caught', plantedFault.passed ? '✗' : '✓']);
  }
  return rows;
}

function bars(picture: ColumnPicture): string {
  const most = Math.max(0.01, ...picture.real, ...picture.synthetic);
  const width = WIDTH / picture.real.length;
  const bar = (share: number, index: number, shift: number, colour: string): string => {
    const height = (HEIGHT * share) / most;
    return `<rect x="${(index * width + shift).toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${(width * 0.42).toFixed(1)}" height="${height.toFixed(1)}" fill="${colour}"/>`;
  };
  const drawn = picture.real.map(
    (share, index) => bar(share, index, 0, '#999') + bar(picture.synthetic[index] ?? 0, index, width * 0.45, '#3b7dd8'),
  );
  return `<figure><svg role="img" aria-label="${text(picture.column)}" width="${WIDTH}" height="${HEIGHT}">${drawn.join('')}</svg><figcaption>${text(picture.column)}</figcaption></figure>`;
}

function heatMap(names: readonly string[], pairs: readonly PairScore[]): string {
  const label = 110;
  const size = label + names.length * CELL;
  const cells = pairs.map((pair) => {
    const [row, column] = [names.indexOf(pair.left), names.indexOf(pair.right)];
    const score = Number.isNaN(pair.score) ? 0 : pair.score;
    const shade = Math.round(255 * Math.max(0, Math.min(1, (score - 0.5) / 0.5)));
    const colour = `rgb(${255 - shade},${80 + Math.round(shade * 0.6)},80)`;
    return `<rect x="${label + column * CELL}" y="${label + row * CELL}" width="${CELL - 1}" height="${CELL - 1}" fill="${colour}"><title>${text(`${pair.left} × ${pair.right}: ${score.toFixed(2)}`)}</title></rect>`;
  });
  const rows = names.map(
    (name, index) => `<text x="${label - 4}" y="${label + index * CELL + 13}" text-anchor="end" font-size="11">${text(name)}</text>`,
  );
  const heads = names.map(
    (name, index) =>
      `<text transform="translate(${label + index * CELL + 13},${label - 4}) rotate(-60)" font-size="11">${text(name)}</text>`,
  );
  return `<svg role="img" aria-label="pairs" width="${size}" height="${size}">${[...cells, ...rows, ...heads].join('')}</svg>`;
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
