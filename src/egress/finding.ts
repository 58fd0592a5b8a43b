import type { EgressCheck } from './product-kinds.ts';

/**
 * What a check of the gate found, as data. `hard` stops the request and nobody waives it; `soft` lets it on only with a reason on
 * record; `info` is for the reader. Where `check` is absent the finding is about cells that do not leave anyway.
 * For people inside the domain: what a merchant is told is a band (`measuredBand`) and what would fix it.
 * Source: requirements.md §10.2, §10.3 (hard fails; D, L clearable); egress-rules.md §7 item 7.
 */
export interface EgressFinding {
  readonly rule: string;
  readonly severity: 'info' | 'soft' | 'hard';
  readonly cell?: string;
  readonly column?: string;
  readonly text: string;
  readonly check?: EgressCheck;
  /** Of the rule. */
  readonly version?: string;
  readonly threshold?: string;
  /** Never an exact small count. */
  readonly measuredBand?: string;
  /** SHA-256 of what the finding rests on, lower-case hex. */
  readonly evidenceDigest?: string;
  /** What would make it go away. */
  readonly fix?: string;
}

/** A reason for letting a result out despite a soft finding. */
export interface Waiver {
  readonly rule: string;
  readonly reason: string;
}

/** Rules that stop a request for good, whoever would let it pass. Source: requirements.md §10.3 (hard fails). */
export function hardStops(findings: readonly EgressFinding[]): readonly string[] {
  return [...new Set(findings.flatMap((item) => (item.severity === 'hard' ? [item.rule] : [])))].sort();
}

/** Soft rules that need a reason on record before anybody approves. Source: requirements.md §10.3. */
export function rulesToWaive(findings: readonly EgressFinding[]): readonly string[] {
  const soft = findings.filter((item) => item.severity === 'soft' && item.check !== undefined);
  return [...new Set(soft.map((item) => item.rule))].sort();
}

/** Rules of those to waive that nobody gave a reason for. Source: requirements.md §10.3. */
export function unwaived(findings: readonly EgressFinding[], waivers: readonly Waiver[]): readonly string[] {
  return rulesToWaive(findings).filter((rule) => !waivers.some((waiver) => waiver.rule === rule && waiver.reason.trim() !== ''));
}

/** Whether the accumulation of what was released holds the request back before review. Source: requirements.md CQ-OP-36c, §5.6. */
export function isHeldForLinkage(findings: readonly EgressFinding[]): boolean {
  return findings.some((item) => item.check === 'L' && item.severity === 'soft');
}
