import { compareDecimals } from '../kernel/decimal.ts';
import type { LedgerVerdict } from './ledger-port.ts';
import type { FamilyVerdict } from './settle-families.ts';

const NOT_GIVEN = { rule: 'ledger.near', text: 'near a column of this statement that is withheld', counted: null } as const;

/**
 * An answer that is not given itself is nobody else's: who was answered by one that is answered otherwise gets that answer, too, where the
 * one was all it was answered by; otherwise none. Source: gate.md §7 (snap).
 *
 * @param together  brings the verdicts of figures that are one into line.
 */
export function settleAnswers(
  answered: readonly FamilyVerdict[],
  verdicts: readonly LedgerVerdict[][],
  isKept: (row: number, at: number) => boolean,
  together: () => void,
): void {
  let open = answered.filter(({ targets }) => targets.length > 0);
  for (let changed = true; changed; ) {
    changed = false;
    const next: FamilyVerdict[] = [];
    for (const item of open) {
      const { row, at, verdict, targets } = item;
      const own = verdicts[row]?.[at];
      if (own !== verdict || targets.every((target) => isKept(target.row, target.at))) {
        if (own === verdict) next.push(item);
        continue;
      }
      const [target] = targets;
      const other = target === undefined || targets.length > 1 ? undefined : verdicts[target.row]?.[target.at];
      const isPassedOn = other?.kind === 'replace' && verdict.kind === 'replace' && isTotalOf(verdict, target);
      const settled: LedgerVerdict = isPassedOn ? other : { kind: 'withhold', reason: NOT_GIVEN };
      (verdicts[row] ?? [])[at] = settled;
      const further = answered.find((known) => known.row === target?.row && known.at === target.at && known.verdict === other);
      if (isPassedOn && further !== undefined) next.push({ ...item, verdict: settled, targets: further.targets });
      changed = true;
    }
    open = next;
    together();
  }
}

/** Whether an answer is the very total of a figure, and no multiple. */
function isTotalOf(
  { total, parts }: Extract<LedgerVerdict, { kind: 'replace' }>,
  target: FamilyVerdict['targets'][number] | undefined,
): boolean {
  const own = target?.figure.total ?? null;
  if (!parts.every(({ coefficient }) => coefficient === 1)) return false;
  return own === null || total === null ? own === total : compareDecimals(own, total) === 0;
}
