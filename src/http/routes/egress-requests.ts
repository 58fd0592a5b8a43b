import type { z } from 'zod';
import type { Actor } from '../../operations/actor.ts';
import type { EgressView, Operations, Refusable } from '../../operations/operations.ts';
import { answer } from '../answer.ts';
import { answerPage, pageWish } from '../page.ts';
import { actorOf } from '../plugins/identity.ts';
import { idParams, noQuery, page, reasonBody } from '../schemas/common.ts';
import {
  appealDecisionBody,
  assessmentBody,
  commentBody,
  egressQuery,
  egressSchema,
  filingBody,
  resubmissionBody,
  returnBody,
  voteBody,
} from '../schemas/egress.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import { releaseSchema } from '../schemas/work.ts';
import type { App, RouteContext } from './route-context.ts';

type StepOf<Body> = (actor: Actor, input: { readonly id: string } & Body) => Refusable<EgressView>;

/** One step of a request: the noun of its route, the operation behind it, what it does, what it takes. */
interface Step<Body extends z.ZodType> {
  readonly noun: string;
  readonly operation: keyof Operations;
  readonly summary: string;
  readonly body: Body;
}

function registerStep<Body extends z.ZodType<object>>(app: App, step: Step<Body>, call: StepOf<z.output<Body>>): void {
  app.route({
    method: 'POST',
    url: `/v1/egress-requests/:id/${step.noun}`,
    config: { permission: step.operation },
    schema: {
      tags: ['egress'],
      summary: step.summary,
      params: idParams,
      querystring: noQuery,
      body: step.body,
      response: { 200: egressSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { id } = request.params as z.output<typeof idParams>;
      return answer(request, reply, await call(actorOf(request), { ...(request.body as z.output<Body>), id }));
    },
  });
}

/** Review of what wants to leave. Source: requirements.md §5.6. */
export function registerEgressRequests(app: App, context: RouteContext): void {
  registerReading(app, context);
  registerReview(app, context);
  registerSteps(app, context);
  registerRelease(app, context);
}

function registerReview(app: App, { operations }: RouteContext): void {
  const votes = { noun: 'approvals', operation: 'approve', summary: 'An approving vote of the step at hand', body: voteBody } as const;
  registerStep(app, votes, (actor, input) => operations.approve(actor, input));
  const rejections = {
    noun: 'rejections',
    operation: 'reject',
    summary: 'A rejecting vote; on disclosure grounds it ends the request',
  } as const;
  registerStep(app, { ...rejections, body: voteBody }, (actor, input) => operations.reject(actor, input));
  const returns = {
    noun: 'returns',
    operation: 'returnToMerchant',
    summary: 'Sends the request back to its merchant, with questions',
  } as const;
  registerStep(app, { ...returns, body: returnBody }, (actor, input) => operations.returnToMerchant(actor, input));
  const rounds = { noun: 'resubmissions', operation: 'resubmit', summary: 'The merchant answers and opens a new round' } as const;
  registerStep(app, { ...rounds, body: resubmissionBody }, (actor, input) => operations.resubmit(actor, input));
  const comments = { noun: 'comments', operation: 'comment', summary: 'A public or private comment' } as const;
  registerStep(app, { ...comments, body: commentBody }, (actor, input) => operations.comment(actor, input));
}

function registerSteps(app: App, { operations }: RouteContext): void {
  const clearances = { noun: 'clearances', operation: 'clear', summary: 'An operator lets a held request go to review' } as const;
  registerStep(app, { ...clearances, body: reasonBody }, (actor, input) => operations.clear(actor, input));
  const assessments = { noun: 'assessments', operation: 'assess', summary: 'Records the number of a risk assessment' } as const;
  registerStep(app, { ...assessments, body: assessmentBody }, (actor, input) => operations.assess(actor, input));
  const filings = { noun: 'filings', operation: 'file', summary: 'Records the receipt of the filing with the supervisor' } as const;
  registerStep(app, { ...filings, body: filingBody }, (actor, input) => operations.file(actor, input));
  const withdrawals = { noun: 'withdrawals', operation: 'withdraw', summary: 'The merchant takes its request back' } as const;
  registerStep(app, { ...withdrawals, body: reasonBody }, (actor, input) => operations.withdraw(actor, input));
  const recalls = { noun: 'recalls', operation: 'recall', summary: 'Calls a released result back' } as const;
  registerStep(app, { ...recalls, body: reasonBody }, (actor, input) => operations.recall(actor, input));
  const appeals = { noun: 'appeals', operation: 'appeal', summary: 'The merchant appeals against a rejection' } as const;
  registerStep(app, { ...appeals, body: reasonBody }, (actor, input) => operations.appeal(actor, input));
  const decisions = {
    noun: 'appeal-decisions',
    operation: 'decideAppeal',
    summary: 'The supervisor upholds or dismisses an appeal',
  } as const;
  registerStep(app, { ...decisions, body: appealDecisionBody }, (actor, input) => operations.decideAppeal(actor, input));
}

function registerReading(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'GET',
    url: '/v1/egress-requests',
    config: { permission: 'listEgress' },
    schema: {
      tags: ['egress'],
      summary: 'Egress requests the caller may see',
      querystring: egressQuery,
      response: { 200: page(egressSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { state, dataset } = request.query;
      const found = await operations.listEgress(actorOf(request), {
        ...(state === undefined ? {} : { state }),
        ...(dataset === undefined ? {} : { dataset }),
        page: pageWish(request),
      });
      return answerPage(request, reply, found, { keyOf: (item) => item.id, isCut: true });
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/egress-requests/:id',
    config: { permission: 'showEgress' },
    schema: {
      tags: ['egress'],
      summary: 'One egress request; reviewers also see findings, their votes and what would leave',
      params: idParams,
      querystring: noQuery,
      response: { 200: egressSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => answer(request, reply, await operations.showEgress(actorOf(request), request.params.id)),
  });
}

function registerRelease(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/egress-requests/:id/releases',
    config: { permission: 'release' },
    schema: {
      tags: ['egress'],
      summary: 'Checks state, votes and digest again and writes the release package',
      params: idParams,
      querystring: noQuery,
      response: { 201: releaseSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const released = await operations.release(actorOf(request), request.params.id);
      if (released.ok) reply.header('location', `/v1/releases/${encodeURIComponent(released.value.id)}`);
      return answer(request, reply, released, undefined, 201);
    },
  });
}
