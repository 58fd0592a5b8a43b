import { MOST_OWN } from './combinations.ts';
import { isDominatedBeside, type Judging, REACH } from './judge-figure.ts';
import type { LedgerFinding } from './ledger-statement.ts';

/**
 * Combinations of the statement's own figures with one another and with earlier ones, beyond the sums of whole groups:
 * two cities of a table beside an earlier figure over both. What is off by some units and fewer than k, or by one or two
 * of many, is withheld, the smaller figure; equality tells nothing new. Says whether anything was.
 *
 * Looks at the first 40 figures that a statement registers, coarser gates and larger cells first; those behind are not
 * seen here. Source: gate.md §7 (combinations), gate-examples.md D7; ADR 0014.
 */
export function settleOwnCombinations(judging: Judging): boolean {
  const registered = judging.own.registered().slice(0, MOST_OWN);
  if (registered.length < 2) return false; // beside earlier ones it has been looked at
  const { k } = judging.policy;
  const together = judging.own.earlier;
  together.forget();
  let changed = false;
  // Beside earlier figures alone each of them was looked at when it was judged.
  let isAlone = true;
  for (const { id, own } of registered) {
    if (own.action.kind !== 'register') continue; // answered with one that was withheld
    const { sketch } = own.figure;
    const isMagnitude = judging.own.statement.gates[own.place.gate]?.terms[own.place.term]?.isMagnitude ?? true;
    const combinations = isAlone ? [] : together.find(sketch, Math.max(REACH, k));
    isAlone = false;
    const found = combinations.find((item) => item.units > 0 && (item.units < k || isDominatedBeside(sketch, item, isMagnitude, judging)));
    if (found === undefined) together.add({ id, sketch });
    else {
      const entries = found.parts.map((part) => part.id).filter((part) => part > 0);
      const finding: LedgerFinding = { rule: 'ledger.combination', entries, units: found.units };
      judging.own.withdraw(own, finding);
      changed = true;
    }
  }
  return changed;
}
