import { describe, expect, test } from 'vitest';
import type { LedgerDecision } from '../../../../src/egress/ledger/ledger-statement.ts';
import { LedgerModel, type Person, type Question } from '../../../support/ledger-model.ts';
import { numbers } from '../../../support/unit-totals.ts';

const random = numbers(31);
/** 500 people in four cities and one alone in the fifth, whose income is the largest. */
const PEOPLE: readonly Person[] = Array.from({ length: 501 }, (_, index) => ({
  income: index === 500 ? 999_999 : 4000 + Math.floor(random() * 40_000),
  attributes: { city: index === 500 ? 4 : index % 4, year: 1950 + (index % 50), number: index, kin: Math.floor(index / 30) },
}));

const all = (by: readonly string[] = [], terms: Question['terms'] = ['income']): Question => ({ where: () => true, by, terms });
const some = (where: (person: Person) => boolean, by: readonly string[] = [], terms: Question['terms'] = ['income']): Question => ({
  where,
  by,
  terms,
});
const number = (person: Person): number => person.attributes['number'] ?? 0;
const kinds = (decision: LedgerDecision): string[] => decision.flat().map((row) => row.map((item) => item.action.kind).join());
const ledger = (options: { rows?: 'whole' | 'each'; kind?: 'fine' | 'lanes' } = {}): LedgerModel =>
  new LedgerModel(PEOPLE, { k: 10, seed: 5, ...options });

describe.each(['fine', 'lanes'] as const)('a sequence of questions, %s', (kind) => {
  test('the total, without one, without eleven, without these and another one, and what is in two of them', () => {
    const model = ledger({ kind });
    const p = (person: Person): boolean => number(person) % 17 !== 3;
    const q = (person: Person): boolean => number(person) % 23 !== 5;
    expect(kinds(model.ask([all()]).decision)).toEqual(['register']);
    const without = model.ask([some((person) => number(person) !== 77)]);
    expect(without.decision[0]?.[0]?.[0]?.action).toMatchObject({ kind: 'snap', to: { entry: { id: 1 } } });
    expect(kinds(model.ask([some(p)]).decision)).toEqual(['register']);
    const p1 = model.ask([some((person) => p(person) && number(person) !== 1)]);
    expect(p1.decision[0]?.[0]?.[0]?.action).toMatchObject({ kind: 'snap', to: { entry: { id: 2 } } });
    expect(kinds(model.ask([some(q)]).decision)).toEqual(['register']);
    // In neither: 1 of 501. P + Q - T tells the income of that one, so that is what is answered.
    const both = model.ask([some((person) => p(person) && q(person))]);
    expect(both.decision[0]?.[0]?.[0]?.action).toMatchObject({
      kind: 'combine',
      parts: [
        { entry: { id: 1 }, coefficient: -1 },
        { entry: { id: 2 }, coefficient: 1 },
        { entry: { id: 3 }, coefficient: 1 },
      ],
    });
  });

  test('the same question again is answered with the same figures', () => {
    const model = ledger({ kind });
    model.ask([all(['city'], ['n', 'income'])]);
    const again = model.ask([all(['city'], ['n', 'income'])]);
    expect(
      again.decision
        .flat()
        .flat()
        .map((item) => item.action.kind),
    ).toEqual([...Array(8).fill('snap'), 'none', 'none']);
  });

  test('parts after the total: another part goes besides the one that is one person', () => {
    const model = ledger({ kind });
    model.ask([all()]);
    const { decision } = model.ask([all(['city'])]);
    expect(kinds(decision).sort()).toEqual(['none', 'register', 'register', 'register', 'withhold']);
    expect(
      decision
        .flat()
        .flat()
        .flatMap((item) => item.findings),
    ).toMatchObject([{ rule: 'ledger.part', entries: [1], units: 1 }]);
    // 125 people in each of the four: ties go by label.
    expect(decision[0]?.findIndex((row) => row[0]?.action.kind === 'withhold')).toBe(0);
  });

  test('the total after the parts is not given: less its parts it is one person', () => {
    const model = ledger({ kind });
    model.ask([all(['city'])]);
    const { decision } = model.ask([all()]);
    expect(decision[0]?.[0]?.[0]?.action.kind).toBe('combine');
  });

  test('total and parts in one statement: a part goes', () => {
    const { decision } = ledger({ kind }).ask([all(['city']), all()]);
    expect(kinds(decision).sort()).toEqual(['none', 'register', 'register', 'register', 'register', 'withhold']);
    expect(decision[1]?.[0]?.[0]?.action.kind).toBe('register');
  });

  test('a difference of more than k people, of whom one has nearly all', () => {
    const model = ledger({ kind });
    model.ask([all()]);
    // Without the richest and the eleven poorest: 12 units, 90 % and more one person's.
    const poorest = PEOPLE.map((person, index) => ({ index, income: person.income }))
      .sort((a, b) => a.income - b.income)
      .slice(0, 11);
    const gone = new Set([500, ...poorest.map((item) => item.index)]);
    const { decision } = model.ask([some((person) => !gone.has(number(person)))]);
    const [kept] = decision[0]?.[0] ?? [];
    if (kind === 'fine')
      expect(kept).toMatchObject({ action: { kind: 'withhold' }, findings: [{ rule: 'ledger.dominated', entries: [1] }] });
    else expect(kept?.action.kind).toBe('snap'); // twelve units touch fewer than ten lanes and take no bucket away
  });

  test('a figure near a reservation waits, one near a release is answered with it', () => {
    const model = ledger({ kind });
    model.ask([all()], 'reserved');
    expect(kinds(model.ask([all()]).decision)).toEqual(['hold']);
    expect(model.known).toHaveLength(1);
  });

  test('a combination of reservations waits too', () => {
    const model = ledger({ kind });
    model.ask([all()], 'reserved');
    model.ask([some((person) => number(person) % 2 === 0)], 'reserved');
    expect(kinds(model.ask([some((person) => number(person) % 2 === 1)]).decision)).toEqual(['hold']);
  });
});

describe('a statement', () => {
  test('is no neighbour of its own reservations', () => {
    const model = ledger();
    const { statement, decision } = model.ask([all(['city'], ['n', 'income']), all([], ['n', 'income'])], 'reserved');
    expect(model.decide(statement)).toEqual(decision);
  });

  test('is decided the same whatever the order of its cells', () => {
    const model = ledger();
    model.ask([some((person) => number(person) % 7 < 4)]);
    const statement = {
      id: 'x',
      gates: [model.gate(all()), model.gate(all(['city', 'kin'], ['n', 'income'])), model.gate(all(['kin'], ['n', 'income']))],
    };
    const turned = { id: 'x', gates: statement.gates.map((gate) => ({ ...gate, cells: [...gate.cells].reverse() })) };
    const mirrored = model.decide(turned).map((rows) => [...rows].reverse().map((row) => row.map((item) => item.action.kind)));
    expect(mirrored).toEqual(model.decide(statement).map((rows) => rows.map((row) => row.map((item) => item.action.kind))));
  });

  test('a copy of a column is found without being declared', () => {
    const model = ledger();
    model.ask([some((person) => number(person) < 300)]);
    const copied = model.gate(some((person) => number(person) < 298));
    const decision = model.decide({
      id: 'x',
      gates: [{ ...copied, rowsId: 'another table', terms: [{ name: 'salary', isMagnitude: true, isOneSigned: true }] }],
    });
    expect(decision[0]?.[0]?.[0]?.action.kind).toBe('snap');
  });
});

describe('a row of which one figure is near', () => {
  test('is answered from that row as far as it goes, or every figure for itself', () => {
    const question = some((person) => number(person) < 300, [], ['n']);
    const later = some((person) => number(person) < 297, [], ['n', 'income']);
    const whole = ledger({ rows: 'whole' });
    whole.ask([question]);
    expect(kinds(whole.ask([later]).decision)).toEqual(['snap,withhold']);
    const each = ledger({ rows: 'each' });
    each.ask([question]);
    expect(kinds(each.ask([later]).decision)).toEqual(['snap,register']);
  });

  test('is answered from the earliest row that has all its figures', () => {
    const model = ledger({ rows: 'whole' });
    const where = (person: Person): boolean => number(person) < 300;
    model.ask([some(where, [], ['n'])]);
    const [first] = model.known;
    if (first === undefined) throw new Error('Nothing was registered');
    // A row of two figures, registered by an instance that decided every term for itself.
    const income = model.gate(some(where)).cells[0]?.figures[0]?.sketch;
    if (income === undefined) throw new Error('No such figure');
    model.known.push({ ...first, entry: { ...first.entry, id: 2, row: 'second' } });
    model.known.push({
      totals: model.totals('income', (index) => index < 300),
      entry: { ...first.entry, id: 3, row: 'second', isMagnitude: true, sketch: income },
    });
    const { decision } = model.ask([some((person) => number(person) < 298, [], ['n', 'income'])]);
    expect(decision[0]?.[0]?.map((item) => item.action)).toMatchObject([
      { kind: 'snap', to: { entry: { id: 2 } } },
      { kind: 'snap', to: { entry: { id: 3 } } },
    ]);
  });
});
