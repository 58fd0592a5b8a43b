import { DEFAULT_POLICY, type DisclosurePolicy } from '../../src/catalog/disclosure-policy.ts';
import type { KeyValue } from '../../src/egress/executed.ts';
import { decideByLedger } from '../../src/egress/ledger/ledger.ts';
import type { LedgerDecision, LedgerEntry, LedgerGate, LedgerOptions, LedgerStatement } from '../../src/egress/ledger/ledger-statement.ts';
import { differingUnits } from '../../src/egress/ledger/sketch.ts';
import { type KeyedUnit, keyedUnits, numbers, sketchOfUnits } from './unit-totals.ts';

/** A person with whole-numbered attributes; `income` is what is summed. */
export interface Person {
  readonly income: number;
  readonly attributes: Readonly<Record<string, number>>;
}

/** One gate in the words of the model: a condition, keys to group by, and the terms `n` and `income`. */
export interface Question {
  readonly where: (person: Person) => boolean;
  readonly by: readonly string[];
  readonly terms: readonly ('n' | 'income')[];
}

/** A registered figure with its exact unit totals, which the ledger never sees. */
export interface Known {
  readonly entry: LedgerEntry;
  readonly totals: readonly number[];
}

/** A ledger over a list, and people with exact totals: what the ledger should know and what it is checked against. */
export class LedgerModel {
  readonly people: readonly Person[];
  readonly policy: DisclosurePolicy;
  readonly options: LedgerOptions;
  readonly kind: 'fine' | 'lanes';
  readonly known: Known[] = [];
  readonly #units: readonly KeyedUnit[];
  #statements = 0;

  constructor(
    people: readonly Person[],
    options: { readonly k: number; readonly seed: number; readonly kind?: 'fine' | 'lanes'; readonly rows?: 'whole' | 'each' },
  ) {
    this.people = people;
    this.policy = { ...DEFAULT_POLICY, k: options.k };
    this.options = { rows: options.rows ?? 'each' };
    this.kind = options.kind ?? 'fine';
    this.#units = keyedUnits(people.length, numbers(options.seed));
  }

  /** Cells as the enclave and the rules of the cell give them: exact units; too few or dominated ones are not released. */
  gate(question: Question): LedgerGate {
    const cells = new Map<string, { readonly key: readonly KeyValue[]; readonly members: Set<number> }>();
    for (const [index, person] of this.people.entries()) {
      if (!question.where(person)) continue;
      const key = question.by.map((name) => person.attributes[name] ?? 0);
      const cell = cells.get(key.join()) ?? { key, members: new Set() };
      cell.members.add(index);
      cells.set(key.join(), cell);
    }
    return {
      rowsId: question.where.toString(),
      keys: question.by,
      oneRow: true,
      terms: question.terms.map((name) => ({ name, isMagnitude: name === 'income', isOneSigned: true })),
      cells: [...cells.values()].map(({ key, members }) => ({
        key,
        units: members.size,
        figures: question.terms.map((name) => {
          const totals = this.totals(name, (index) => members.has(index));
          const sketch = sketchOfUnits(this.#units, (unit) => BigInt(totals[unit] ?? 0), this.kind);
          return { sketch, units: members.size, isReleased: members.size >= this.policy.k && (name === 'n' || !isDominated(totals)) };
        }),
      })),
    };
  }

  totals(term: 'n' | 'income', holds: (index: number) => boolean): readonly number[] {
    return this.people.map((person, index) => (holds(index) ? (term === 'n' ? 1 : person.income) : 0));
  }

  /** Decides a statement and registers what it registers, reserved or released. */
  ask(
    questions: readonly Question[],
    state: LedgerEntry['state'] = 'released',
  ): { readonly statement: LedgerStatement; readonly decision: LedgerDecision } {
    this.#statements += 1;
    const statement = { id: `s${this.#statements}`, gates: questions.map((question) => this.gate(question)) };
    const decision = this.decide(statement);
    for (const [at, gate] of statement.gates.entries())
      for (const [number, cell] of gate.cells.entries())
        for (const [term, figure] of cell.figures.entries()) {
          if (decision[at]?.[number]?.[term]?.action.kind !== 'register') continue;
          const name = gate.terms[term]?.name === 'n' ? 'n' : 'income';
          const by = questions[at]?.by ?? [];
          const isIn = (person: Person): boolean =>
            questions[at]?.where(person) === true && by.every((key, index) => person.attributes[key] === cell.key[index]);
          const entry: LedgerEntry = {
            id: this.known.length + 1,
            statement: statement.id,
            row: `${statement.id}/${at}/${number}`,
            state,
            isMagnitude: name === 'income',
            sketch: figure.sketch,
          };
          this.known.push({ entry, totals: this.totals(name, (index) => isIn(this.people[index] as Person)) });
        }
    return { statement, decision };
  }

  decide(statement: LedgerStatement): LedgerDecision {
    const entries = this.known.map((known) => known.entry);
    const snapshot = {
      near: (sketch: LedgerEntry['sketch'], k: number) => entries.filter((entry) => differingUnits(entry.sketch, sketch) < k),
      basis: entries.slice(-80).reverse(),
      span: entries,
    };
    return decideByLedger(statement, snapshot, this.policy, this.options);
  }
}

/** (2, 90 %) and p 10 % on absolute unit totals; `slack` below 1 asks for clearly dominated ones only. */
export function isDominated(totals: readonly number[], slack = 1): boolean {
  const [first = 0, second = 0, ...rest] = totals.map(Math.abs).sort((a, b) => b - a);
  const others = rest.reduce((sum, value) => sum + value, 0);
  return others <= slack * 0.1 * (first + second + others) || others < slack * 0.1 * first;
}
