import type { ClaimedAttempt, Outcome, StopReason } from '@tasked/core';
import { expect, test } from 'vitest';
import { AttemptRun } from './attempt-run.ts';
import { settlementOf } from './settlement-of.ts';

const FAILED: Outcome = {
  kind: 'failed',
  failure: { code: 'signal', message: 'killed', retryable: true },
};
const SUCCEEDED: Outcome = { kind: 'succeeded', output: 1 };

function stopped(reason: StopReason | null, started: boolean, retries: number): AttemptRun {
  const claimed: ClaimedAttempt = {
    ref: { flowId: 'f_1', taskId: 'a', fence: 3 },
    attempt: 1,
    owner: '',
    queue: 'default',
    executor: 'script',
    config: {},
    input: null,
    needs: [],
    retry: { retries, backoffMs: 1_000, maxBackoffMs: 1_000 },
    timeoutMs: null,
  };
  const run = new AttemptRun(claimed);
  run.started = started;
  if (reason !== null) run.stop(reason);
  return run;
}

const at = { now: 0, random: () => 0 };

test.each<[StopReason | null, boolean, number, Outcome, object | null]>([
  [null, true, 0, SUCCEEDED, { kind: 'succeeded' }],
  [null, true, 1, FAILED, { kind: 'retry', availableAt: 1_000 }],
  [null, true, 0, FAILED, { kind: 'failed' }],
  ['timeout', true, 1, FAILED, { kind: 'retry' }],
  ['cancelled', true, 1, SUCCEEDED, { kind: 'stopped' }],
  ['cancelled', false, 1, FAILED, { kind: 'stopped' }],
  ['shutdown', true, 0, SUCCEEDED, { kind: 'succeeded' }],
  ['shutdown', true, 1, FAILED, { kind: 'released', spent: true }],
  ['shutdown', true, 0, FAILED, { kind: 'failed', failure: { code: 'worker_stopped' } }],
  ['shutdown', false, 0, FAILED, { kind: 'released', spent: false }],
  ['runner_lost', true, 1, SUCCEEDED, null],
])('told to stop by %s, started %s, %i retries', (reason, started, retries, outcome, expected) => {
  const settlement = settlementOf(stopped(reason, started, retries), outcome, at);
  if (expected === null) expect(settlement).toBeNull();
  else expect(settlement).toMatchObject(expected);
});

test('the first reason to stop stays', () => {
  const run = stopped('cancelled', true, 0);
  run.stop('shutdown');
  expect(run.stopReason).toBe('cancelled');
  expect(run.signal.reason).toBe('cancelled');
});
