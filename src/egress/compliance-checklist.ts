import { CHECK_DOMAINS, type CheckDomain } from './kind-policy.ts';

/** What the compliance check looks at. Source: requirements.md GZ-15. */
export const CHECK_OBJECTS = ['use_application', 'use_and_scenario', 'product_egress'] as const;
export type CheckObject = (typeof CHECK_OBJECTS)[number];

/** Version of the rules by which cells are filled from records. Source: requirements.md §7.5 "Compliance check" (rule version). */
export const CHECKLIST_VERSION = 'GZ-15/1';

/** One of the twelve cells. `open`: nobody has said anything yet. */
export interface ChecklistCell {
  readonly object: CheckObject;
  readonly domain: CheckDomain;
  readonly result: 'pass' | 'fail' | 'open';
  /** What the result rests on, in words; a record's id, a rule's name. Never a value of the data. */
  readonly evidence: string;
  /** `records` where the instance filled it, otherwise who did. */
  readonly checker: string;
}

/** What the instance itself knows of a request. Absent: not known. */
export interface ChecklistFacts {
  readonly grant?: string | undefined;
  readonly artefactHash?: string | undefined;
  readonly isolation?: string | undefined;
  readonly datasetVersion?: string | undefined;
  readonly contentDigest: string;
  /** Names of the rules of the gate that the content went through. */
  readonly criteria: readonly string[];
  readonly hasHardFinding: boolean;
}

type Filled = readonly [CheckObject, CheckDomain, string | undefined];

/**
 * The grid as records fill it: three objects by four domains. A cell without a record stays open; the cells of the egress itself
 * fail where a hard finding stands. Says what is on record and does not judge whether it suffices: that is for the people who
 * sign. Source: requirements.md GZ-15.
 */
export function checklistFromRecords(facts: ChecklistFacts): readonly ChecklistCell[] {
  const grant = facts.grant === undefined ? undefined : `grant ${facts.grant}`;
  const artefact = facts.artefactHash === undefined ? undefined : `artefact ${facts.artefactHash}, admitted within the grant`;
  const isolation = facts.isolation === undefined ? undefined : `isolation ${facts.isolation}`;
  const gate = facts.criteria.length === 0 ? undefined : `rules ${facts.criteria.join(', ')}`;
  const version = facts.datasetVersion === undefined ? undefined : `sealed version ${facts.datasetVersion}`;
  const filled: readonly Filled[] = [
    ['use_application', 'data_security', grant],
    ['use_application', 'network_security', grant],
    ['use_application', 'personal_information', grant],
    ['use_application', 'trade_secret', grant],
    ['use_and_scenario', 'data_security', version],
    ['use_and_scenario', 'network_security', isolation],
    ['use_and_scenario', 'personal_information', artefact],
    ['use_and_scenario', 'trade_secret', artefact],
    ['product_egress', 'data_security', `sealed content ${facts.contentDigest}`],
    ['product_egress', 'network_security', `one way out, content ${facts.contentDigest}`],
    ['product_egress', 'personal_information', gate],
    ['product_egress', 'trade_secret', gate],
  ];
  return filled.map(([object, domain, evidence]) => {
    const result = evidence === undefined ? 'open' : object === 'product_egress' && facts.hasHardFinding ? 'fail' : 'pass';
    return { object, domain, result, evidence: evidence ?? '', checker: 'records' };
  });
}

/** A cell as a reviewer states it. */
export type StatedCell = Pick<ChecklistCell, 'object' | 'domain' | 'evidence'> & { readonly result: 'pass' | 'fail' };

/**
 * The grid with what people stated over what records say, later ones over earlier ones, except that nobody states a failed cell of
 * the records to be passed. Source: requirements.md GZ-15.
 */
export function withStated(
  cells: readonly ChecklistCell[],
  stated: readonly (StatedCell & { readonly checker: string })[],
): readonly ChecklistCell[] {
  return cells.map((cell) => {
    if (cell.result === 'fail') return cell;
    return stated.findLast((item) => item.object === cell.object && item.domain === cell.domain) ?? cell;
  });
}

/** Cells that stand against a release, as `object/domain`: failed or open. Empty where all twelve passed. Source: requirements.md GZ-15. */
export function unmetCells(cells: readonly ChecklistCell[]): readonly string[] {
  return CHECK_OBJECTS.flatMap((object) =>
    CHECK_DOMAINS.flatMap((domain) => {
      const cell = cells.find((item) => item.object === object && item.domain === domain);
      return cell?.result === 'pass' ? [] : [`${object}/${domain}`];
    }),
  );
}
