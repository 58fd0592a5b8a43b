import { canonicalJson } from '../../kernel/canonical-json.ts';
import { escapeHtml } from '../../kernel/html-text.ts';
import type { SizeCount } from './class-sizes.ts';
import type { RiskReport } from './risk-report.ts';

const WIDTH = 640;
const ROW = 24;
const LABEL = 190;
const FIGURES = 170;
/** Classes by how many units share them; the first ones are where people are found. */
const BANDS = [1, 2, 3, 5, 10, 20, 50, 100] as const;

/** What masking cost, as shares: so that a person can choose. Null where it is not known. */
export interface Kept {
  readonly suppressed: number;
  readonly entropyLost: number | null;
}

/**
 * The report as one HTML page in Chinese and English, without scripts or anything from elsewhere: the grade in plain words, pictures, every figure, and the signed text itself.
 * `signature`: null where nobody signed, which the page says. Source: issue "Masking" (one signed page with pictures and plain words); GB/T 42460-2023; T/CSAC 007-2024 (headings).
 */
export function riskPage(report: RiskReport, title: string, signature: string | null, kept: Kept | null = null): string {
  const shown = escapeHtml(title);
  return `<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>${shown}</title><style>
body{font:15px/1.6 'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}td,th{padding:.2em .8em;text-align:left;border-bottom:1px solid #ddd}
table{border-collapse:collapse}.grade{font-size:1.4em;padding:.4em .8em;border-left:8px solid ${report.grade === 3 ? '#2a7' : '#c33'};background:#f6f6f6}pre{white-space:pre-wrap;word-break:break-all;font-size:11px}
</style></head><body><h1>重标识风险报告 · Re-identification risk</h1><p>${shown}</p>
<p class="grade">${escapeHtml(gradeWords(report))}</p>
<h2>能被找到的人 · Who can be found</h2>${bandPicture(report.classSizes, report.units)}
<h2>攻击者 · Attackers</h2>${sharePicture(attackers(report))}
<ul>${ATTACKER_WORDS.map((words) => `<li>${escapeHtml(words)}</li>`).join('')}</ul>
<h2>总体唯一性 · Unique in the population</h2>${sharePicture(models(report))}
<p>${escapeHtml(populationWords(report))}</p>
${kept === null ? '' : `<h2>代价 · What it cost</h2>${sharePicture(costs(kept))}<p>${escapeHtml(COST_WORDS)}</p>\n`}<h2>数据 · Figures</h2><table>${figures(
    report,
  )
    .map(([name, value]) => `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(value)}</td></tr>`)
    .join('')}</table>
<h2>签名 · Signature</h2><p>${signature === null ? '未签名。 Not signed.' : `Ed25519: <code>${escapeHtml(signature)}</code>`}</p><pre>${escapeHtml(canonicalJson(report))}</pre>
</body></html>
`;
}

function gradeWords({ grade, highest, accepted }: RiskReport): string {
  const [risk, limit] = [percent(highest), percent(accepted)];
  if (grade === 1) return '1 级：含直接标识符，任何人都能认出其中的人，不得流出。 Grade 1: names people directly. It must not leave.';
  if (grade === 2)
    return `2 级：已去除直接标识符，但最易识别者被认出的概率为 ${risk}，高于可接受的 ${limit}。请进一步泛化或抑制。 Grade 2: the person most easily found is found with a chance of ${risk}, above the accepted ${limit}. Generalise or suppress more.`;
  return `3 级：最易识别者被认出的概率为 ${risk}，不高于可接受的 ${limit}。 Grade 3: the person most easily found is found with a chance of ${risk}, within the accepted ${limit}.`;
}

function populationWords({ population }: RiskReport): string {
  return population.assumed
    ? '总体规模未知，故将文件视为全部总体（最谨慎的估计）。 The population is not known, so the file is taken for all of it: the careful reading.'
    : `总体规模 ${population.size}。 Population of ${population.size}.`;
}

const ATTACKER_WORDS = [
  '检察官：知道某人在数据中，并知道其准标识符，试图找出其所在行。 Prosecutor: knows that a person is in the data and what the person looks like, and looks for the row.',
  '记者：不知道谁在数据中，只想证明其中某人可被认出。 Journalist: does not know who is in the data and wants to show that somebody can be found.',
  '营销者：希望尽可能多地认出其中的人，错几个也无妨。 Marketer: wants to find as many as possible and does not mind a few mistakes.',
] as const;
const COST_WORDS =
  '风险越低，损失的信息越多；两者并列，以便由人取舍。 The lower the risk, the more is lost; both stand here so that a person can choose.';

function costs({ suppressed, entropyLost }: Kept): readonly Share[] {
  return [
    ['删除的行 · rows taken out', suppressed],
    ['损失的信息 · information lost', entropyLost],
  ];
}

type Share = readonly [name: string, share: number | null];

function attackers(report: RiskReport): readonly Share[] {
  return [
    ['检察官 · prosecutor, highest', report.highest],
    ['检察官 · prosecutor, average', report.average],
    ['记者 · journalist, highest', report.journalist?.highest ?? null],
    ['营销者 · marketer, average', report.marketer],
    [`高风险者 · at risk (> ${percent(report.threshold)})`, report.recordsAtRisk],
  ];
}

function models({ populationUniqueness }: RiskReport): readonly Share[] {
  const { pitman, zayatz, snb, dankar } = populationUniqueness;
  return [
    ['Pitman', pitman],
    ['Zayatz', zayatz],
    ['SNB', snb],
    ['Dankar', dankar],
  ];
}

function figures(report: RiskReport): readonly (readonly [string, string])[] {
  return [
    ['行数 · rows', String(report.rows)],
    ['主体数 · units', String(report.units)],
    ['等价类 · classes', String(report.classes)],
    ['准标识符 · quasi-identifiers', report.quasiIdentifiers.join(', ')],
    ['唯一比例 · unique', percent(report.uniqueness)],
    ...(report.individual === null ? [] : [['预期被识别数 · expected to be named', report.individual.expected.toFixed(1)] as const]),
    ...(report.suda === null ? [] : [['特殊唯一行 · rows with a special unique', String(report.suda.rowsWithScore)] as const]),
  ];
}

function bandPicture(sizes: readonly SizeCount[], units: number): string {
  const shares = BANDS.map((from, index): Share => {
    const to = BANDS[index + 1];
    const inBand = sizes.filter(({ size }) => size >= from && (to === undefined || size < to));
    const name = to === undefined ? `${from}+` : to === from + 1 ? String(from) : `${from}–${to - 1}`;
    return [`${name} 人看起来相同 · look alike`, units === 0 ? 0 : inBand.reduce((sum, item) => sum + item.size * item.classes, 0) / units];
  });
  return sharePicture(shares);
}

/** Bars of shares, 0 to 1; what is not known has none. */
function sharePicture(shares: readonly Share[]): string {
  const bars = shares.map(([name, share], index) => {
    const width = share === null ? 0 : Math.round(share * (WIDTH - LABEL - FIGURES));
    const y = index * ROW;
    return `<text x="0" y="${y + 16}" font-size="12">${escapeHtml(name)}</text><rect x="${LABEL}" y="${y + 4}" width="${width}" height="${ROW - 8}" fill="#47a"/><text x="${LABEL + width + 6}" y="${y + 16}" font-size="12">${share === null ? '–' : percent(share)}</text>`;
  });
  return `<svg width="${WIDTH}" height="${shares.length * ROW}" role="img">${bars.join('')}</svg>`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
