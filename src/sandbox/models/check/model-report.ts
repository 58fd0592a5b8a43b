import type { ModelFile } from '../artefact/model-files.ts';
import type { Layout } from '../spec/layout.ts';
import type { TrainingSpec } from '../spec/training-spec.ts';
import type { Checked } from './check-trained.ts';
import type { ReportPictures } from './report-pictures.ts';
import { RULES, type RuleFinding, type RuleVerdict, worstOf } from './rule.ts';

/** What an operator decides on. Plain data that JSON holds. */
export interface ModelReport {
  readonly verdict: RuleVerdict;
  readonly algorithm: string;
  readonly features: number;
  /** Of the hold-out, two digits. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly findings: readonly (RuleFinding & {
    readonly title: { readonly en: string; readonly zh: string };
    readonly fix?: { readonly en: string; readonly zh: string };
  })[];
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  /** Absent in reports of earlier versions. */
  readonly pictures?: ReportPictures;
}

/** The findings in words, with what would mend those that did not pass. Source: issue "Models" (a report on which an operator can decide). */
export function reportOf(
  spec: TrainingSpec,
  layout: Layout,
  { findings, metrics, pictures }: Checked,
  files: readonly ModelFile[],
): ModelReport {
  return {
    verdict: worstOf(findings),
    algorithm: spec.algorithm,
    features: layout.features.length,
    metrics,
    findings: findings.map((found) => {
      const { title: [en, zh] = ['Unknown rule', '未知规则'], fix } = RULES[found.rule] ?? {};
      return { ...found, title: { en, zh }, ...(found.verdict === 'pass' || fix === undefined ? {} : { fix: { en: fix[0], zh: fix[1] } }) };
    }),
    files: files.map(({ name, bytes }) => ({ name, bytes: bytes.length })),
    pictures,
  };
}
