import type { ReleaseContent } from './release-content.ts';

/** What is true of a release beyond its content: who let it out, when, under which receipt. No vote reasons. */
export interface ReleaseFacts {
  readonly release: string;
  readonly egress: string;
  readonly contentDigest: string;
  readonly votes: readonly { readonly by: string; readonly vote: 'approve' | 'reject'; readonly at: string }[];
  readonly filingReceipt: string;
  /** ISO instant, UTC. */
  readonly releasedAt: string;
}

export type Provenance = Omit<ReleaseContent, 'table' | 'files' | 'merchantOrganisation'> & ReleaseFacts & { readonly caution: Caution };

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
  const { table: _table, files: _files, merchantOrganisation: _organisation, ...origin } = content;
  const votes = facts.votes.map((item) => ({ by: item.by, vote: item.vote, at: item.at }));
  return { ...origin, ...facts, votes, caution: caution(content.policy.k) };
}
