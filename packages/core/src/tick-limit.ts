import { TaskedError } from './errors.ts';
import { MAX_TICK, type Tick } from './ports/work-store.ts';

/** Throws `limit_exceeded` for a tick that carries or claims more than {@link MAX_TICK}. */
export function refuseHugeTick({ settle, claim }: Tick): void {
  const found = Math.max(settle.length, claim?.limit ?? 0);
  if (found <= MAX_TICK) return;
  throw new TaskedError(
    'limit_exceeded',
    `a tick carries at most ${MAX_TICK} settlements and claims at most ${MAX_TICK} tasks, not ${found}`,
  );
}
