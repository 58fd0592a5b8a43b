import type { Instance } from '../instance.ts';
import { UsageError } from './outcome.ts';
import type { Transport } from './transport.ts';

/**
 * The API of an instance inside this process, asked through its own routes and checks, as `principal`.
 * Does not own the instance: closing the transport leaves it open.
 */
export async function embeddedTransport(instance: Instance, principal: string): Promise<Transport> {
  const key = await instance.sessionKey(principal);
  if (key === null) throw new UsageError(`--as ${principal}: there is no such user in this instance`);
  return {
    readsLocalFolders: true,
    send: async (request) => {
      const response = await instance.app.inject({
        method: request.method,
        url: request.path,
        headers: { ...request.headers, authorization: `Bearer ${key}` },
        payloadAsStream: true,
        ...(request.body === undefined ? {} : { payload: request.body }),
      });
      return { status: response.statusCode, mediaType: String(response.headers['content-type'] ?? ''), body: response.stream() };
    },
    close: async () => undefined,
  };
}
