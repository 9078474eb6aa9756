import type { Clock } from '@tasked/core';

/** How long a function that was told to stop gets to end by itself. */
const GRACE_MS = 1_000;

/** How a run ended: the function returned or threw, or was left behind because it did not heed its signal. */
export type EndedRun =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'left' };

/** Resolves when `running` has settled, or soon after `signal` has aborted; never rejects. */
export function endOf(
  running: Promise<unknown>,
  signal: AbortSignal,
  clock: Clock,
): Promise<EndedRun> {
  return new Promise((resolve) => {
    let cancelTimer: () => void = () => {};
    const end = (how: EndedRun) => {
      cancelTimer();
      signal.removeEventListener('abort', waitNoLonger);
      resolve(how);
    };
    const waitNoLonger = () => {
      cancelTimer = clock.schedule(GRACE_MS, () => end({ kind: 'left' }));
    };
    running.then(
      (value) => end({ kind: 'returned', value }),
      (error: unknown) => end({ kind: 'threw', error }),
    );
    if (signal.aborted) waitNoLonger();
    else signal.addEventListener('abort', waitNoLonger, { once: true });
  });
}
