import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { type ModelFile, modelFiles } from '../artefact/model-files.ts';
import { toOnnx } from '../artefact/to-onnx.ts';
import { ALGORITHMS } from '../spec/algorithms.ts';
import type { Layout } from '../spec/layout.ts';
import type { TrainingSpec } from '../spec/training-spec.ts';
import type { FittedModel } from '../train/fitted.ts';
import type { Sample } from '../train/read-sample.ts';
import { leastCohort } from '../train/train.ts';
import { nullDeviation } from './attack-metrics.ts';
import { categoricalGain, type Gain, numericGain } from './attribute-inference.ts';
import { checkModelFile } from './check-file.ts';
import { fitOf } from './losses.ts';
import { figuresOf, likelihoodRatio, type MembershipFigures, relativeMembership, worstGroup } from './membership.ts';
import { type AttackCurve, attackCurve, type ReportPictures, supportPicture } from './report-pictures.ts';
import { besideChance, finding, type RuleFinding } from './rule.ts';
import { canaryAuc, shadowsOf } from './shadows.ts';
import { parameterCount, structureOf } from './structure.ts';
import { worstCase } from './worst-case.ts';

export interface ToCheck {
  readonly spec: TrainingSpec;
  readonly layout: Layout;
  readonly model: FittedModel;
  /** The same specification learnt a second time from the same data. */
  readonly again: FittedModel;
  readonly sample: Sample;
  readonly k: number;
  readonly runsToday: number;
  /** Values that the catalogue lists. */
  readonly catalogue: ReadonlySet<string>;
  readonly pause: () => Promise<void>;
}

export interface Checked {
  readonly findings: readonly RuleFinding[];
  /** Of the hold-out, two digits. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly pictures: ReportPictures;
}

/** Shadow models of the likelihood-ratio attack. Source: models-and-audit.md M19 (≥ 32). */
const SHADOWS = 32;

/**
 * Every rule of the release check over a model that was just learnt: structure, membership, attributes, capacity, and whether it comes out the same
 * again. A rule that cannot be measured fails, but one that is not about this kind of model is not asked. Differencing (M26) is the ledger's, on the
 * cohort, before anything is learnt. Source: models-and-audit.md §1.10; issue "Models" (release check).
 */
export async function checkTrained(asked: ToCheck): Promise<Checked> {
  const { spec, layout, model, sample } = asked;
  const seed = spec.split.seed;
  const fit = fitOf(model, layout, sample.rows);
  const members = rowsWhere(sample.isMember, true);
  const others = rowsWhere(sample.isMember, false);
  const quality = { train: fit.quality(members), test: fit.quality(others) };
  const membership = await membershipFindings(asked);
  const findings = [
    ...structuralFindings(asked),
    ...(layout.label.kind === 'none' ? [] : [finding('M16', Math.max(0, quality.train - quality.test), { seed })]),
    ...membership.findings,
    ...(await inferenceFindings(asked)),
    ...artefactFindings(asked, parameterCount(model)),
    finding('M36', asked.runsToday, { seed }),
  ];
  const name = layout.label.kind === 'classes' ? 'accuracy' : layout.label.kind === 'number' ? 'r2' : 'mean_squared_distance';
  const metrics = { [name]: rounded(layout.label.kind === 'none' ? -quality.test : quality.test), ...aucOf(asked, fit.outputs, others) };
  const pictures = { attacks: membership.attacks, support: supportPicture(model, layout, sample, asked.k) };
  return { findings, metrics, pictures };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

function rowsWhere(is: readonly boolean[], wanted: boolean): readonly number[] {
  return is.flatMap((value, row) => (value === wanted ? [row] : []));
}

function aucOf(
  { layout, sample }: ToCheck,
  outputs: { readonly width: number; readonly values: Float64Array },
  rows: readonly number[],
): Readonly<Record<string, number>> {
  if (layout.label.kind !== 'classes' || layout.label.classes.length !== 2) return {};
  const { auc } = figuresOf(
    Float64Array.from(rows, (row) => outputs.values[row * outputs.width + 1] ?? 0),
    rows.map((row) => sample.rows.label[row] === 1),
  );
  return Number.isFinite(auc) ? { auc: rounded(auc) } : {};
}

function structuralFindings({ spec, layout, model, sample, k }: ToCheck): readonly RuleFinding[] {
  const seed = spec.split.seed;
  const found = structureOf(spec, layout, model, sample, k);
  const ask = (rule: string, value: number | null, limits: { readonly fail?: number; readonly review?: number } = {}) =>
    finding(rule, value, { seed, limits });
  const ifAny = (rule: string, value: number | null, limits: { readonly fail?: number } = {}) =>
    value === null ? [] : [ask(rule, value, limits)];
  const freedom = sample.members - found.parameters;
  return [
    ask('M01', KINDS[ALGORITHMS[spec.algorithm].family].includes(model.kind) ? 0 : 1),
    ask('M03', found.rowMatches),
    ask('M04', sample.members, { fail: leastCohort(k) }),
    ask('M05', freedom, { fail: 10, review: 0.9 * sample.members }),
    ...ifAny('M06', found.leastNode, { fail: k }),
    ...toldFindings(found.toldClasses, seed),
    ...ifAny('M08', found.largestShare),
    ask('M09', found.strayThresholds),
    ...ifAny('M10', found.leverage),
    ...ifAny('M11', found.leastLevel, { fail: k }),
    ...ifAny('M13', found.dominance),
    ...ifAny('M14', found.leastCluster, { fail: k }),
    ask('M25', found.numbers / sample.members),
  ];
}

/** What a family may have learnt. Source: models-and-audit.md M01. */
const KINDS: Readonly<Record<'linear' | 'additive' | 'centres' | 'trees', readonly FittedModel['kind'][]>> = {
  linear: ['linear'],
  additive: ['linear', 'trees'],
  centres: ['centres'],
  trees: ['trees'],
};

/** Where only a sample of the cohort is at hand nobody can tell, and a person looks. Source: models-and-audit.md M07. */
function toldFindings(told: number | null, seed: number): readonly RuleFinding[] {
  if (told === null) return [];
  const found = finding('M07', told, { seed });
  return [Number.isNaN(told) ? { ...found, verdict: 'review' } : found];
}

/** A finding that chance alone explains asks for a person, and does not fail. Source: models-and-audit.md M19 (a FAIL needs p < 0.01). */
function unlessChance(found: RuleFinding, isSignificant: boolean): RuleFinding {
  return found.verdict === 'fail' && !isSignificant ? { ...found, verdict: 'review' } : found;
}

async function membershipFindings(
  asked: ToCheck,
): Promise<{ readonly findings: readonly RuleFinding[]; readonly attacks: readonly AttackCurve[] }> {
  const { spec, layout, model, sample, pause, k } = asked;
  const seed = spec.split.seed;
  const { isMember, rows } = sample;
  const fit = fitOf(model, layout, rows);
  const loss = figuresOf(
    fit.loss.map((value) => -value),
    isMember,
  );
  const worst = await worstCase(fit, isMember, seed, pause);
  const shadows = await shadowsOf(asked, SHADOWS);
  const ratio = shadows === null ? null : likelihoodRatio(fit.confidence, shadows, isMember);
  const relative = shadows === null ? null : relativeMembership(fit.confidence, shadows, isMember);
  const inside = isMember.filter(Boolean).length;
  const outside = isMember.length - inside;
  const ofAuc = (rule: string, figures: MembershipFigures | null) =>
    unlessChance(finding(rule, figures?.auc ?? null, { seed }), figures === null || figures.pValue < 0.01);
  const spread = Math.sqrt(0.01 * (1 / Math.max(1, inside) + 1 / Math.max(1, outside)));
  const canaries = layout.label.kind === 'classes' ? await canaryAuc(asked) : null;
  const findings = [
    ofAuc('M17', loss),
    unlessChance(finding('M18', worst.auc, { seed }), worst.auc - 0.5 > (2.33 * nullDeviation(inside / 5, outside / 5)) / Math.sqrt(2)),
    ofAuc('M19', ratio),
    unlessChance(
      finding('M19b', ratio?.found ?? null, { seed }),
      ratio === null || (ratio.pValue < 0.01 && (ratio.found - 0.01) / spread > 2.58),
    ),
    ofAuc('M20', relative),
    finding('M21', ratio === null ? null : tailShare(fit.confidence, ratio.scores, isMember), { seed }),
    ...(layout.label.kind === 'classes' ? [finding('M31', canaries, { seed })] : []),
    finding(
      'M35',
      Math.max(
        0,
        orZero(worstGroup(ratio?.scores ?? fit.loss.map((value) => -value), isMember, rows.bins.slice(0, 8), 10 * k)) -
          (ratio?.auc ?? loss.auc),
      ),
      { seed },
    ),
  ];
  const curves = [['M17', loss] as const, ['M19', ratio] as const, ['M20', relative] as const];
  const attacks = curves.flatMap(([rule, figures]) => (figures === null ? [] : [attackCurve(rule, figures.scores, isMember)]));
  return { findings, attacks };
}

const orZero = (value: number): number => (Number.isNaN(value) ? 0 : value);

/** Share of the members that are among the top hundredth of both the loss and the likelihood ratio, beyond the share of others there. */
function tailShare(confidence: Float64Array, scores: Float64Array, isMember: readonly boolean[]): number {
  const cut = (values: Float64Array): number =>
    Float64Array.from(values).sort()[Math.floor(values.length * 0.99)] ?? Number.POSITIVE_INFINITY;
  const [low, high] = [cut(confidence), cut(scores)];
  const share = (wanted: boolean): number => {
    const chosen = rowsWhere(isMember, wanted);
    return chosen.filter((row) => (confidence[row] ?? 0) > low && (scores[row] ?? 0) > high).length / Math.max(1, chosen.length);
  };
  return Math.max(0, share(true) - share(false));
}

async function inferenceFindings({ spec, layout, model, sample, k, pause }: ToCheck): Promise<readonly RuleFinding[]> {
  const seed = spec.split.seed;
  const isAsked = (kind: 'categorical' | 'numeric'): boolean =>
    layout.label.kind !== 'none' && layout.features.some((feature) => feature.kind === kind);
  const ofGain = (rule: string, { gain, isSignificant }: Gain) => besideChance(finding(rule, gain, { seed }), isSignificant);
  const categorical = isAsked('categorical') ? await categoricalGain(model, layout, sample, k, pause) : null;
  return [
    // Categories of very many levels are not tried one by one.
    ...(categorical === null || Number.isNaN(categorical.gain) ? [] : [ofGain('M22', categorical)]),
    ...(isAsked('numeric') ? [ofGain('M23', await numericGain(model, layout, sample, pause))] : []),
  ];
}

/** Files that hold a model, none of which says anything of single rows. Source: models-and-audit.md M32. */
const ARTEFACTS: ReadonlySet<string> = new Set(['model.onnx', 'model.sql', 'model.json', 'model-card.json']);
/** What learnt models are written with; operators that compare with rows they keep are not among them. Source: models-and-audit.md M02. */
const LEARNT_OPERATORS: ReadonlySet<string> = new Set([
  'OneHotEncoder',
  'Imputer',
  'Scaler',
  'Clip',
  'Concat',
  'LinearRegressor',
  'TreeEnsembleRegressor',
  'ArgMax',
  'Sigmoid',
  'Softmax',
  'Exp',
]);

function artefactFindings({ spec, layout, model, again, catalogue, sample }: ToCheck, parameters: number): readonly RuleFinding[] {
  const seed = spec.split.seed;
  const onnx = toOnnx(model, layout);
  const checked = checkModelFile(onnx);
  const verdictOf = (rule: string): number | null => {
    if (!checked.ok) return null;
    return checked.value.findings.some((item) => item.rule === rule && item.verdict === 'fail') ? 1 : 0;
  };
  const facts = { metrics: {}, k: 0 };
  const files = modelFiles(spec, layout, model, facts);
  const bytes = (of: readonly ModelFile[]): string => canonicalJson(of.map((file) => Buffer.from(file.bytes).toString('base64')));
  const differing = bytes(files) === bytes(modelFiles(spec, layout, again, facts)) ? 0 : 1;
  const NAME = /^[a-z][a-z0-9_]{0,40}$/;
  const names = [...layout.features.map((feature) => feature.name), ...(layout.label.kind === 'none' ? [] : [layout.label.name])];
  const levels = [
    ...layout.features.flatMap((feature) => (feature.kind === 'categorical' ? feature.levels : [])),
    ...(layout.label.kind === 'classes' ? layout.label.classes : []),
  ];
  const strayNames = names.filter((name) => !NAME.test(name) || catalogue.has(name)).length;
  const strayLevels = levels.filter((level) => !catalogue.has(level) && !/^([a-z][a-z0-9_]{0,20}|-?\d{1,6})$/.test(level)).length;
  // A weight with more bits than it may have is no measurable capacity.
  const capacity =
    verdictOf('M27') === 0 ? (parameters * spec.release.precision_bits) / (sample.members * layout.features.length * 8) : null;
  return [
    finding('M02', checked.ok ? checked.value.operators.filter((name) => !LEARNT_OPERATORS.has(name)).length : null, { seed }),
    finding('M12', checked.ok ? 0 : null, { seed }),
    finding('M24', numbersWithUnits(spec, layout, model), { seed }),
    finding('M27', capacity, { seed }),
    finding('M28', differing, { seed }),
    // What did not come from the data is not there the second time.
    finding('M29', differing, { seed }),
    finding('M32', files.filter((file) => !ARTEFACTS.has(file.name)).length, { seed }),
    finding('M33', verdictOf('M33'), { seed }),
    finding('M34', strayNames + strayLevels, { seed }),
  ];
}

/** Whether the JSON form says how many units stand behind anything. */
function numbersWithUnits(spec: TrainingSpec, layout: Layout, model: FittedModel): number {
  const json = modelFiles({ ...spec, release: { ...spec.release, artefact: ['json'] } }, layout, model, { metrics: {}, k: 0 })[0];
  return /"(units|count|n|weight)"/.test(new TextDecoder().decode(json?.bytes)) ? 1 : 0;
}
