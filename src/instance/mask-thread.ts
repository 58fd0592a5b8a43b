import { randomBytes } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { type MaskedProductRequest, makeMaskedProduct } from '../pipeline/masked/make-masked-product.ts';

/* The thread of `masker-adapter.ts`: one masked dataset, and its end. A search over a lattice takes a minute, in which the process has to answer others. */

const made = makeMaskedProduct(workerData as MaskedProductRequest, { bytes: (length) => new Uint8Array(randomBytes(length)) });
parentPort?.postMessage(made);
