import { type Attempt, attempt, codesOf, type Placed } from './attempt.ts';
import type { ConformanceCase, Expectation } from './case-file.ts';
import { leaksIn } from './leaks.ts';
import { recompute } from './oracle/contributions.ts';
import { type Judgement, judgeReleased } from './oracle/judge-released.ts';
import { safeFigures } from './oracle/judge-withheld.ts';
import type { OracleInput } from './oracle/oracle-input.ts';
import type { Released } from './oracle/released.ts';
import { tagTables } from './oracle/tagged-tables.ts';
import type { PreparedData } from './prepared-data.ts';

export interface Judged {
  readonly got: string;
  readonly ok: boolean;
  readonly facts: readonly string[];
}

interface Question {
  readonly item: ConformanceCase;
  readonly attempts: readonly Placed[];
  readonly last: Placed;
  readonly prepared: PreparedData;
  /** Runs a further statement as the next job. */
  readonly ask: (sql: string) => Promise<Placed>;
}

/** Judges a case by what it expects of its last statement. Source: the conformance README's table. */
export async function judgeExpectation(
  item: ConformanceCase,
  attempts: readonly Placed[],
  prepared: PreparedData,
  ask: Question['ask'],
): Promise<Judged> {
  const last = attempts.at(-1);
  if (last === undefined) return { got: 'NOTHING', ok: false, facts: ['no statement of a merchant'] };
  return JUDGES[item.expect]({ item, attempts, last, prepared, ask });
}

const JUDGES: Readonly<Record<Expectation, (question: Question) => Promise<Judged>>> = {
  REJECT: judgeReject,
  SUPPRESS: (question) => judgeSafe(question, false),
  'GENERIC-ERROR': judgeGenericError,
  'DENY-DIFF': (question) => judgeSafe(question, true),
  CACHED: judgeCached,
  HOLD: judgeHold,
  NORMALISE: judgeNormalise,
  'ACCEPT-IF-K': judgeAcceptIfK,
  ACCEPT: judgeAccept,
};

function got(last: Attempt): string {
  if (last.outcome === 'refused') return `REFUSED(${codesOf(last)})`;
  if (last.outcome === 'fault') return `FAULT(${codesOf(last)})`;
  const rows = last.decided?.table.rows.length ?? 0;
  return `ANSWERED(${rows} rows, ${last.decided?.withheldCells ?? 0} cells withheld)`;
}

/** The operator's view of every statement that was answered. */
function released(attempts: readonly Placed[]): readonly Released[] {
  return attempts.flatMap(({ sql, decided, real }): readonly Released[] => {
    if (decided === null) return [];
    const { admitted, gates, table, withheldCells, withheldRows, findings } = decided;
    const isWhole =
      withheldCells + withheldRows + admitted.roundings.length === 0 &&
      !findings.some((finding) => finding.rule === 'operand.neutral') &&
      gates.every((gate) => (gate.replaced ?? []).length === 0);
    return [{ sql, canonicalSql: admitted.canonicalSql, gates, rows: table.rows, isWhole, data: real }];
  });
}

function inputOf({ item, prepared }: Question): OracleInput {
  return { catalog: item.data.catalog, data: prepared.real, policy: item.policy, victim: item.victim };
}

async function oracle(question: Question): Promise<Judgement> {
  const input = inputOf(question);
  try {
    return await judgeReleased(released(question.attempts), input);
  } catch (error) {
    if (!/Overflow/.test(String(error))) throw error;
    return judgeReleased(released(question.attempts), { ...input, wide: true });
  }
}

function factsOf(judgement: Judgement): readonly string[] {
  const texts = judgement.violations.map((violation) => `${violation.rule}: ${violation.text}`);
  return [...new Set(texts), ...(judgement.unjudged > 0 ? [`${judgement.unjudged} gates the oracle cannot take apart`] : [])].slice(0, 6);
}

function isSafe(judgement: Judgement): boolean {
  return judgement.violations.length === 0 && judgement.unjudged === 0;
}

async function judgeReject(question: Question): Promise<Judged> {
  const { item, attempts, last, prepared } = question;
  const refused = attempts.filter((one) => one.outcome === 'refused' && !one.touchedData);
  if (last.outcome !== 'refused') {
    // An attack whose preparation was refused has not happened; the plain question at its end may be answered, if safely.
    const judgement = await oracle(question);
    const harmless = attempts.length > 1 && refused.length === attempts.length - 1 && last.outcome === 'answered' && isSafe(judgement);
    return {
      got: got(last),
      ok: harmless,
      facts: [...(harmless ? ['its preparation was refused; the last statement alone is lawful'] : []), ...factsOf(judgement)],
    };
  }
  const empty = await attempt(last.sql, await prepared.emptyContext(item.policy), prepared.enclave);
  const facts: string[] = [];
  if (last.touchedData) facts.push('data was touched');
  if (JSON.stringify(empty.problems) !== JSON.stringify(last.problems)) facts.push('another answer on empty data');
  return { got: got(last), ok: facts.length === 0, facts };
}

function cellFacts(question: Question): readonly string[] {
  const { cells } = question.item;
  if (cells === null) return [];
  const labels = new Set(
    question.last.decided?.table.rows
      .filter((row) => row.length === 1 || row.slice(1).some((value) => value !== null))
      .map(([label]) => String(label)),
  );
  return [
    ...cells.released.filter((name) => !labels.has(name)).map((name) => `${name} should be released`),
    ...cells.withheld.filter((name) => labels.has(name)).map((name) => `${name} should be withheld`),
  ];
}

/** Earlier statements must have been answered, or nothing was tried: a refusal of them all would make any difference safe. */
function earlierFacts(question: Question): readonly string[] {
  return question.attempts
    .slice(0, -1)
    .flatMap((one, index) => (one.outcome === 'answered' ? [] : [`statement ${index + 1} was not answered (${codesOf(one)})`]));
}

async function judgeSafe(question: Question, needsEarlier: boolean): Promise<Judged> {
  const judgement = await oracle(question);
  const facts = [...factsOf(judgement), ...cellFacts(question), ...(needsEarlier ? earlierFacts(question) : [])];
  if (question.last.outcome === 'fault') facts.push('ended in a fault');
  return { got: got(question.last), ok: facts.length === 0 && isSafe(judgement), facts };
}

async function judgeGenericError(question: Question): Promise<Judged> {
  const facts: string[] = [];
  for (const one of question.attempts) facts.push(...(await leaksIn(one, question.item, question.prepared.real)));
  const judgement = await oracle(question);
  const codes = question.last.problems.length;
  if (question.last.outcome === 'fault' && codes !== 1) facts.push(`${codes} codes instead of one`);
  facts.push(...factsOf(judgement));
  return { got: got(question.last), ok: facts.length === 0, facts };
}

async function judgeCached(question: Question): Promise<Judged> {
  const judgement = await oracle(question);
  const before = question.attempts.slice(0, -1).map((one) => JSON.stringify(one.decided?.table.rows));
  const own = JSON.stringify(question.last.decided?.table.rows);
  const facts = [...earlierFacts(question), ...factsOf(judgement)];
  if (question.last.outcome !== 'answered') facts.push('the last statement was not answered');
  else if (!before.includes(own)) facts.push('other bytes than before');
  const added = question.last.known - (question.attempts.at(-2)?.known ?? 0);
  if (added !== 0) facts.push(`${added} new entries in the ledger`);
  return { got: got(question.last), ok: facts.length === 0, facts };
}

async function judgeHold(question: Question): Promise<Judged> {
  const { last } = question;
  const reason = last.decided?.findings.find((finding) => finding.severity === 'soft' && finding.rule.startsWith('hold'));
  const isHeld = last.outcome === 'answered' && last.decided?.verdict !== 'releasable' && reason !== undefined;
  return { got: got(last), ok: isHeld, facts: isHeld ? [reason.text] : ['not held with a reason'] };
}

async function judgeNormalise(question: Question): Promise<Judged> {
  const { last, ask } = question;
  const facts = [...factsOf(await oracle(question))];
  if (last.outcome !== 'answered') facts.push('not answered');
  const first = JSON.stringify(last.decided?.table);
  for (let run = 1; run < 10 && last.outcome === 'answered'; run++) {
    const again = await ask(last.sql);
    if (JSON.stringify(again.decided?.table) !== first) facts.push(`run ${run + 1} gave other bytes`);
  }
  return { got: got(last), ok: facts.length === 0, facts };
}

/** Refusing is right only where no cell of the merchant's own question rests on k units. */
async function judgeAcceptIfK(question: Question): Promise<Judged> {
  const { item, last, prepared } = question;
  const judgement = await oracle(question);
  if (last.outcome === 'answered' && (last.decided?.table.rows.length ?? 0) > 0)
    return { got: got(last), ok: isSafe(judgement), facts: factsOf(judgement) };
  if (last.outcome === 'fault') return { got: got(last), ok: false, facts: ['ended in a fault'] };
  await tagTables(item.data.catalog, prepared.real);
  const plain = await recompute(last.sql, item.data.catalog, prepared.real).catch(() => null);
  if (plain === null) return { got: got(last), ok: false, facts: ['the oracle cannot take the question apart'] };
  const most = Math.max(0, ...plain.cells.map((cell) => Math.min(...cell.shares.map((share) => share.units.length))));
  return {
    got: got(last),
    ok: most < item.policy.k,
    facts: [most < item.policy.k ? 'k does not hold for any cell' : `k holds (${most} units) and nothing was released`],
  };
}

async function judgeAccept(question: Question): Promise<Judged> {
  const judgement = await oracle(question);
  const facts = [
    ...judgement.violations.map((violation) => `${violation.rule}: ${violation.text}`).slice(0, 6),
    ...cellFacts(question),
    ...earlierFacts(question),
  ];
  const notes = [...(judgement.unjudged > 0 ? ['the oracle cannot take it apart'] : []), ...judgement.notes];
  const { decided } = question.last;
  if (decided === null)
    facts.push('the shape was refused', ...question.last.problems.map((problem) => JSON.stringify(problem.facts)).slice(0, 3));
  else if (decided.table.rows.length === 0) {
    const safe = await safeFigures(decided.admitted.canonicalSql, decided.gates, inputOf(question));
    if (safe === 0) notes.push('no cell may be released');
    else facts.push(`nothing was released${safe === null ? '' : `, ${safe} figures could be`}`);
  }
  return { got: got(question.last), ok: facts.length === 0, facts: [...facts, ...notes] };
}
