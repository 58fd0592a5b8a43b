import { z } from 'zod';
import { csrfToken } from '../../identity/one-time-text.ts';
import { problem } from '../../problems/problem.ts';
import { answer } from '../answer.ts';
import { answerPage } from '../page.ts';
import { sendProblems } from '../plugins/errors.ts';
import { actorOf } from '../plugins/identity.ts';
import { giveSession, isOfThisSite, sessionOf, takeSession } from '../plugins/sessions.ts';
import {
  enrolBody,
  enrolledSchema,
  invitationBody,
  invitationSchema,
  merchantBody,
  merchantSchema,
  signedInSchema,
  signInBody,
  whoSchema,
} from '../schemas/account.ts';
import { noQuery, page, pageQuery } from '../schemas/common.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import type { App, RouteContext } from './route-context.ts';

/** Built-in accounts and the sessions of browsers. Source: issue 6 ("Who are you"); ASVS 5.0 chapters 3, 6 and 7. */
export function registerAccounts(app: App, context: RouteContext): void {
  const { operations, accounts } = context;
  app.route({
    method: 'POST',
    url: '/v1/account-invitations',
    config: { permission: 'inviteAccount', answersSecret: true },
    schema: {
      tags: ['accounts'],
      summary: 'A right for a merchant to make an account, or to make it anew; the token is shown once',
      querystring: noQuery,
      body: invitationBody,
      response: { 201: invitationSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.inviteAccount(actorOf(request), request.body), undefined, 201),
  });
  app.route({
    method: 'POST',
    url: '/v1/accounts',
    config: { public: true },
    schema: {
      tags: ['accounts'],
      summary: 'Makes an account with the token of an invitation; shows the secret of the authenticator and the recovery codes once',
      security: [],
      querystring: noQuery,
      body: enrolBody,
      response: { 201: enrolledSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      if (!isOfThisSite(request)) return sendProblems(request, reply, [problem('access.csrf', {})]);
      return answer(request, reply, await accounts.enrol(request.body), undefined, 201);
    },
  });
  registerMerchants(app, context);
  registerSessions(app, context);
}

function registerMerchants(app: App, { operations }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/merchants',
    config: { permission: 'registerMerchant' },
    schema: {
      tags: ['accounts'],
      summary: 'Makes a merchant known; an invitation (POST /v1/account-invitations) lets it make its account',
      querystring: noQuery,
      body: merchantBody,
      response: { 201: merchantSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answer(request, reply, await operations.registerMerchant(actorOf(request), request.body), undefined, 201),
  });
  app.route({
    method: 'GET',
    url: '/v1/merchants',
    config: { permission: 'listMerchants' },
    schema: {
      tags: ['accounts'],
      summary: 'Merchants whom the instance knows',
      querystring: z.strictObject(pageQuery),
      response: { 200: page(merchantSchema), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) =>
      answerPage(request, reply, await operations.listMerchants(actorOf(request)), { keyOf: (item) => item.principal }),
  });
}

function registerSessions(app: App, { accounts, isBehindTls }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/sessions',
    config: { public: true },
    schema: {
      tags: ['accounts'],
      summary: 'Signs a person in with password and one-time code; the session is a cookie',
      security: [],
      querystring: noQuery,
      body: signInBody,
      response: { 201: signedInSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      if (!isOfThisSite(request)) return sendProblems(request, reply, [problem('access.csrf', {})]);
      const signedIn = await accounts.signIn(request.body);
      if (signedIn.ok) giveSession(reply, signedIn.value.session, isBehindTls);
      return answer(request, reply, signedIn, ({ session: _session, ...shown }) => shown, 201);
    },
  });
  app.route({
    method: 'GET',
    url: '/v1/session',
    config: { permission: 'whoAmI' },
    schema: {
      tags: ['accounts'],
      summary: 'Who the service takes you for, and how it knows',
      querystring: noQuery,
      response: { 200: whoSchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { id: principal, organisation, roles, scopes } = actorOf(request);
      const session = request.knownBy === 'session' ? sessionOf(request) : null;
      const knownBy = request.knownBy ?? 'bearer';
      return reply.send({
        principal,
        organisation,
        roles: [...roles],
        knownBy,
        ...(scopes === undefined ? {} : { scopes: [...scopes] }),
        ...(session === null ? {} : { csrfToken: csrfToken(session) }),
      });
    },
  });
  app.route({
    method: 'POST',
    url: '/v1/session/end',
    config: { permission: 'whoAmI' },
    schema: {
      tags: ['accounts'],
      summary: 'Signs out: the session is worth nothing from now on',
      querystring: noQuery,
      response: { 204: z.null().describe('Signed out'), ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const session = sessionOf(request);
      if (session !== null && request.knownBy === 'session') await accounts.signOut(actorOf(request), session);
      takeSession(reply, isBehindTls);
      return reply.code(204).send(null);
    },
  });
}
