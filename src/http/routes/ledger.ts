import { answer } from '../answer.ts';
import { actorOf } from '../plugins/identity.ts';
import { noQuery } from '../schemas/common.ts';
import { ledgerReplayBody, ledgerReplaySchema } from '../schemas/ledger.ts';
import { PROBLEM_RESPONSES } from '../schemas/problem.ts';
import type { App, RouteContext } from './route-context.ts';

/** The release ledger. Source: gate.md §7 (replay). */
export function registerLedger(app: App, { operations, longHandlerTimeoutMs }: RouteContext): void {
  app.route({
    method: 'POST',
    url: '/v1/ledger/replay',
    handlerTimeout: longHandlerTimeoutMs,
    config: { permission: 'replayLedger' },
    schema: {
      tags: ['ledger'],
      summary: 'Releases of a dataset that a stricter policy would not let stand, one stretch at a time',
      querystring: noQuery,
      body: ledgerReplayBody,
      response: { 200: ledgerReplaySchema, ...PROBLEM_RESPONSES },
    },
    handler: async (request, reply) => {
      const { dataset, policy, after = 0 } = request.body;
      return answer(request, reply, await operations.replayLedger(actorOf(request), { dataset, policy, after }));
    },
  });
}
