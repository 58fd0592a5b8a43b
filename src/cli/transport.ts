import type { Readable } from 'node:stream';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
}

export interface ApiResponse {
  readonly status: number;
  readonly mediaType: string;
  readonly body: AsyncIterable<Uint8Array>;
}

/** A way to the HTTP API: over the network, or injected into an instance inside this process. */
export interface Transport {
  /** Whether the instance reads folders of this machine. */
  readonly readsLocalFolders: boolean;
  send(request: ApiRequest): Promise<ApiResponse>;
  close(): Promise<void>;
}
