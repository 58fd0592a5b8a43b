import type { AuditEvent } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { quotesResult } from '../egress/public-text.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { egressConflict, egressSourcesOf, findRequest, findToDecide, readForDecision, withReason } from './egress-access.ts';
import { egressView } from './egress-view.ts';
import type { EgressView, Operations } from './operations.ts';
import type { EgressComment, EgressRecord, StoreTransaction } from './ports.ts';
import { checkedReason } from './reason.ts';
import { findToReview } from './review-operations.ts';
import { openContent } from './sealed-content.ts';

type ExchangeOperations = Pick<Operations, 'returnToMerchant' | 'resubmit' | 'comment'>;
type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

const MOST_QUESTIONS = 20;
const MOST_COMMENTS = 500;

type NewComment = Pick<EgressComment, 'visibility' | 'kind' | 'text'>;

function withComments(
  ports: OperationsPorts,
  actor: Actor,
  request: EgressRecord,
  added: readonly NewComment[],
): Result<readonly EgressComment[], readonly Problem[]> {
  const at = ports.clock.now().toISOString();
  const { id: by, organisation } = actor;
  const comments = [...(request.comments ?? []), ...added.map((item) => ({ ...item, by, organisation, round: request.round, at }))];
  return comments.length > MOST_COMMENTS ? err([problem('egress.too_many_comments', { limit: MOST_COMMENTS })]) : ok(comments);
}

/** Words for the merchant by somebody who may have the content before him: refused where they repeat it, or it cannot be compared. */
async function fitForMerchant(ports: OperationsPorts, request: EgressRecord, texts: readonly string[]): Outcome<true> {
  const content = await openContent(ports, request);
  if (!content.ok) return content;
  return texts.some((text) => quotesResult(text, content.value.table)) ? err([problem('egress.comment_quotes_result', {})]) : ok(true);
}

function checkedTexts(texts: readonly string[]): Result<readonly string[], readonly Problem[]> {
  const checked = texts.map(checkedReason);
  const wrong = checked.find((item) => !item.ok);
  if (wrong !== undefined && !wrong.ok) return wrong;
  return ok(checked.flatMap((item) => (item.ok ? [item.value] : [])));
}

async function sendBack(ports: OperationsPorts, actor: Actor, input: Parameters<Operations['returnToMerchant']>[1]): Outcome<EgressRecord> {
  const { id, questions = [] } = input;
  const found = await findToReview(ports, actor, 'egress.vote', id);
  if (!found.ok) return found;
  if (questions.length > MOST_QUESTIONS) return err([problem('egress.too_many_comments', { limit: MOST_QUESTIONS })]);
  const texts = checkedTexts([input.reason, ...questions]);
  if (!texts.ok) return texts;
  const fit = await fitForMerchant(ports, found.value, texts.value);
  if (!fit.ok) return fit;
  const [reason = '', ...asked] = texts.value;
  return ports.store.write(async (tx) => {
    const request = await readForDecision(tx, id);
    const { job, round } = request;
    const facts = { job, round, reasonDigest: textDigest(reason) };
    const event: AuditEvent = { operation: 'egress.return', actor, object: id, outcome: 'done', trace: job, facts };
    const added: readonly NewComment[] = [
      { visibility: 'public', kind: 'comment', text: reason },
      ...asked.map((text) => ({ visibility: 'public', kind: 'question', text }) as const),
    ];
    const comments = withComments(ports, actor, request, added);
    if (!comments.ok) return comments;
    const patch = { reasons: withReason(ports, request, { by: actor.id, step: 'returned', reason }), comments: comments.value };
    const moved = await tx.egress.transition(id, { from: egressSourcesOf('RETURNED', 'reviewer'), to: 'RETURNED', patch }, event);
    if (!moved.ok) return moved;
    await tx.notices.add({ id: newId('ntc', ports.rng), recipient: request.merchant, kind: 'egress.returned', object: id }, event);
    return moved;
  });
}

/** Questions of the round at hand that wait for an answer. */
function openQuestions(request: EgressRecord): number {
  return (request.comments ?? []).filter((comment) => comment.kind === 'question' && comment.round === request.round).length;
}

async function openRound(ports: OperationsPorts, actor: Actor, id: string, answers: readonly string[]): Outcome<EgressRecord> {
  const found = await findRequest(ports, actor, 'egress.resubmit', id);
  if (!found.ok) return found;
  const texts = checkedTexts(answers);
  if (!texts.ok) return texts;
  return ports.store.write(async (tx) => {
    const request = await readForDecision(tx, id);
    const asked = openQuestions(request);
    if (request.state === 'RETURNED' && texts.value.length !== asked) return err([problem('egress.questions_open', { questions: asked })]);
    const { job, contentDigest, round } = request;
    const facts = { job, contentDigest, round: round + 1, textDigest: textDigest(texts.value.join('\n')) };
    const event: AuditEvent = { operation: 'egress.resubmit', actor, object: id, outcome: 'done', trace: job, facts };
    const added = texts.value.map((text) => ({ visibility: 'public', kind: 'answer', text }) as const);
    const comments = withComments(ports, actor, request, added);
    if (!comments.ok) return comments;
    const patch = { round: round + 1, comments: comments.value };
    return tx.egress.transition(id, { from: egressSourcesOf('REVIEW', 'merchant'), to: 'REVIEW', patch }, event);
  });
}

/** States in which something can still be said. */
const TALKING: readonly EgressRecord['state'][] = ['HELD_LINKAGE', 'REVIEW', 'RETURNED', 'APPEALED', 'CHECKED', 'FILED'];

async function keepComment(
  tx: StoreTransaction,
  ports: OperationsPorts,
  actor: Actor,
  id: string,
  said: NewComment,
): Outcome<EgressRecord> {
  const request = await readForDecision(tx, id);
  const { job, round, state } = request;
  const facts = { job, round, visibility: said.visibility, textDigest: textDigest(said.text) };
  const event: AuditEvent = { operation: 'egress.comment', actor, object: id, outcome: 'done', trace: job, facts };
  const comments = withComments(ports, actor, request, [said]);
  if (!comments.ok) return comments;
  const isAuthor = actor.id === request.merchant;
  const from = isAuthor ? (['RETURNED'] as const) : TALKING;
  if (!from.some((item) => item === state)) return err([egressConflict(state)]);
  return tx.egress.transition(id, { from: [state], to: state, patch: { comments: comments.value } }, event);
}

async function say(ports: OperationsPorts, actor: Actor, input: Parameters<Operations['comment']>[1]): Outcome<EgressRecord> {
  const { id, visibility } = input;
  const found = await findRequest(ports, actor, 'egress.comment', id);
  if (!found.ok) return found;
  const isAuthor = actor.id === found.value.merchant;
  if (!isAuthor) {
    const decides = await findToDecide(ports, actor, 'egress.comment', id);
    if (!decides.ok) return decides;
  }
  const text = checkedReason(input.text);
  if (!text.ok) return text;
  if (isAuthor && visibility === 'private') return err([problem('egress.comment_private', {})]);
  const fit = isAuthor || visibility === 'private' ? ok(true) : await fitForMerchant(ports, found.value, [text.value]);
  if (!fit.ok) return fit;
  return ports.store.write((tx) => keepComment(tx, ports, actor, id, { visibility, kind: 'comment', text: text.value }));
}

/**
 * Questions and answers between reviewers and the merchant, each round kept. What reviewers say to the merchant is itself egress:
 * it may not repeat the content. Source: requirements.md §5.6; egress-rules.md §1 item 2, §2.3 (public and private comments).
 */
export function exchangeOperations(ports: OperationsPorts): ExchangeOperations {
  const shown = (actor: Actor, done: Result<EgressRecord, readonly Problem[]>): Result<EgressView, readonly Problem[]> =>
    done.ok ? ok(egressView(actor, done.value)) : done;
  return {
    returnToMerchant: async (actor, input) => shown(actor, await sendBack(ports, actor, input)),
    resubmit: async (actor, { id, answers }) => shown(actor, await openRound(ports, actor, id, answers)),
    comment: async (actor, input) => shown(actor, await say(ports, actor, input)),
  };
}
