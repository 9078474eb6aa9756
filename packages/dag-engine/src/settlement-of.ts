import {
  type Moment,
  type Outcome,
  type Settlement,
  settle,
  settleInterrupted,
} from '@tasked/core';
import type { AttemptRun } from './attempt-run.ts';

/**
 * What is recorded of an attempt that has ended, given why it was told to stop, if it was. Null for the
 * attempts of a runner that was taken over: their record belongs to another by now.
 */
export function settlementOf(run: AttemptRun, outcome: Outcome, at: Moment): Settlement | null {
  const { ref } = run.claimed;
  switch (run.stopReason) {
    case 'runner_lost':
      return null;
    case 'cancelled':
      return { attempt: ref, kind: 'stopped' };
    case 'shutdown':
      if (outcome.kind === 'succeeded' || outcome.kind === 'waiting') break;
      if (!run.started) return { attempt: ref, kind: 'released', spent: false };
      return settleInterrupted(spentBy(run));
    case 'timeout':
    case null:
      break;
  }
  return settle(spentBy(run), outcome, at);
}

function spentBy(run: AttemptRun) {
  const { ref, attempt, retry } = run.claimed;
  return { ref, attempt, retry };
}
