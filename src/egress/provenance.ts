import type { ChecklistCell } from './compliance-checklist.ts';
import type { ReleaseContent } from './release-content.ts';

/** What is true of a release beyond its content: who let it out, when, under which receipt. No vote reasons. */
export interface ReleaseFacts {
  readonly release: string;
  readonly egress: string;
  readonly contentDigest: string;
  readonly votes: readonly { readonly by: string; readonly vote: 'approve' | 'reject'; readonly at: string }[];
  /** Steps of the chain with the people who took part in each. */
  readonly steps: readonly { readonly step: string; readonly people: readonly string[] }[];
  readonly checklist: readonly ChecklistCell[];
  /** `name@version` of the egress profile that was followed. */
  readonly profile: string;
  /** Empty where the profile asks for none. */
  readonly filingReceipt: string;
  /** Number of the assessment on record. */
  readonly riskAssessment?: string;
  /** Release that let the same content out first. */
  readonly firstRelease?: string;
  /** SHA-256 over what the gate found and the content's salt; the findings themselves stay inside. */
  readonly findingsDigest: string;
  readonly productVersion: string;
  /** `visible`: recipient and purpose stand on every file; `rows`: the recipient is marked in the rows, too. */
  readonly watermark: 'none' | 'visible' | 'rows';
  /** ISO instant, UTC. */
  readonly releasedAt: string;
}

export type Provenance = Omit<ReleaseContent, 'table' | 'merchantOrganisation' | 'files' | 'watermark' | 'membership' | 'consents'> &
  Omit<ReleaseFacts, 'checklist'> & { readonly caution: Caution };

export interface Caution {
  readonly en: string;
  readonly zh: string;
}

/** The one sentence that stands on every release, whatever happened to any cell. Source: gate.md §6, last paragraph. */
export function caution(k: number): Caution {
  return {
    en: `Figures are exact up to fewer than ${k} units per condition; groups may be missing; cells may rest on an earlier release.`,
    zh: `每个条件下的数字精确到相差不足 ${k} 个单位；可能缺少部分分组；部分单元格可能沿用较早发布的结果。`,
  };
}

/** Where a release comes from, for its JSON, its report and its manifest. */
export function provenanceOf(content: ReleaseContent, facts: ReleaseFacts): Provenance {
  const {
    table: _table,
    merchantOrganisation: _organisation,
    files: _files,
    watermark: _plan,
    membership: _who,
    consents: _consents,
    ...origin
  } = content;
  const { checklist: _checklist, ...told } = facts;
  const votes = facts.votes.map((item) => ({ by: item.by, vote: item.vote, at: item.at }));
  return { ...origin, ...told, votes, caution: caution(content.policy.k) };
}
