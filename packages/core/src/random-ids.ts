import type { IdSource } from './ports/id-source.ts';
import type { TaskId } from './task/task.ts';

/** Ids of 128 random bits each, base64url, from the platform's cryptographic source. */
export const randomIds: IdSource = {
  flowId: () => `f_${random128()}`,
  runnerId: () => `r_${random128()}`,
};

/** A task's id, as unguessable: `t_` and 22 base64url characters. */
export function randomTaskId(): TaskId {
  return `t_${random128()}`;
}

function random128(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
