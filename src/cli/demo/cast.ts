import type { Instance } from '../../instance.ts';
import { ApiClient } from '../api-client.ts';
import { embeddedTransport } from '../embedded-transport.ts';

/** Everyone who plays a part, each with a client that acts as that person and can do no more. */
export interface Cast {
  readonly source: ApiClient;
  readonly merchant: ApiClient;
  readonly operator1: ApiClient;
  readonly operator2: ApiClient;
  readonly supervisor: ApiClient;
  readonly auditor: ApiClient;
}

export async function gatherCast(instance: Instance): Promise<Cast> {
  const as = async (principal: string): Promise<ApiClient> => new ApiClient(await embeddedTransport(instance, principal), 'en');
  return {
    source: await as('source-1'),
    merchant: await as('merchant-a'),
    operator1: await as('operator-1'),
    operator2: await as('operator-2'),
    supervisor: await as('supervisor-1'),
    auditor: await as('auditor-1'),
  };
}
