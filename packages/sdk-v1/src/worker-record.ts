import { encodeOwner, isTerminal, type Owner, type Task } from '@tasked/core';

/** Names who works on a task, in its metadata. */
const WORKER = 'sdkV1Worker';

/** The method of a worker's record, which answers no request. */
export const WORKER_METHOD = 'tasked/worker';

/**
 * Whom the records of an owner's workers belong to. A worker is a task too: it is `working` while its process lives,
 * and every change of it is a sign of life. No principal is that owner, so that no client ever sees one.
 */
export function ownerOfWorkers(owner: Owner): Owner {
  return encodeOwner({ principal: owner, tenant: '@tasked/sdk-v1/workers' });
}

/** The metadata of a task that a worker works on. */
export function workedOnBy(worker: string): { readonly [WORKER]: string } {
  return { [WORKER]: worker };
}

/** Who works on a task; null when it has ended, or another kind of server made it. */
export function workerOf({ status, metadata }: Task): string | null {
  const worker = metadata[WORKER];
  return typeof worker === 'string' && !isTerminal(status) ? worker : null;
}
