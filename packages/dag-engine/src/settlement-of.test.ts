import { type ClaimedAttempt, type Outcome, type StopReason, systemClock } from '@tasked/core';
import { MemoryLogStore, MemoryStore } from '@tasked/store-memory';
import { expect, test } from 'vitest';
import { AttemptRun } from './attempt-run.ts';
import { settlementOf } from './settlement-of.ts';
import { silentLogger } from './silent-logger.ts';
import { TimeLimits } from './time-limits.ts';

const FAILED: Outcome = {
  kind: 'failed',
  failure: { code: 'signal', message: 'killed', retryable: true },
};
const ASKING: Outcome = { kind: 'waiting', inputRequests: { name: { message: 'Who?' } } };
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
    resume: null,
  };
  const run = new AttemptRun(claimed, {
    store: new MemoryStore(),
    logs: new MemoryLogStore(),
    clock: systemClock,
    limits: new TimeLimits(systemClock),
    logger: silentLogger,
  });
  run.started = started;
  if (reason !== null) run.stop(reason);
  return run;
}

const at = { now: 0, random: () => 0 };

interface Case {
  readonly reason: StopReason | null;
  readonly started: boolean;
  readonly retries: number;
  readonly outcome: Outcome;
  readonly settled: object | null;
}

const CASES: readonly Case[] = [
  { reason: null, started: true, retries: 0, outcome: SUCCEEDED, settled: { kind: 'succeeded' } },
  {
    reason: null,
    started: true,
    retries: 1,
    outcome: FAILED,
    settled: { kind: 'retry', availableAt: 1_000 },
  },
  { reason: null, started: true, retries: 0, outcome: FAILED, settled: { kind: 'failed' } },
  { reason: 'timeout', started: true, retries: 1, outcome: FAILED, settled: { kind: 'retry' } },
  {
    reason: 'cancelled',
    started: true,
    retries: 1,
    outcome: SUCCEEDED,
    settled: { kind: 'stopped' },
  },
  {
    reason: 'cancelled',
    started: false,
    retries: 1,
    outcome: FAILED,
    settled: { kind: 'stopped' },
  },
  {
    reason: 'shutdown',
    started: true,
    retries: 0,
    outcome: SUCCEEDED,
    settled: { kind: 'succeeded' },
  },
  {
    reason: 'shutdown',
    started: true,
    retries: 1,
    outcome: FAILED,
    settled: { kind: 'released', spent: true },
  },
  {
    reason: 'shutdown',
    started: true,
    retries: 0,
    outcome: FAILED,
    settled: { kind: 'failed', failure: { code: 'worker_stopped' } },
  },
  {
    reason: 'shutdown',
    started: false,
    retries: 0,
    outcome: FAILED,
    settled: { kind: 'released', spent: false },
  },
  {
    reason: 'shutdown',
    started: true,
    retries: 0,
    outcome: ASKING,
    settled: { kind: 'waiting', deadlineAt: null },
  },
  { reason: 'runner_lost', started: true, retries: 1, outcome: SUCCEEDED, settled: null },
];

test.each(CASES)(
  'stop $reason, started $started, $retries retries, $outcome.kind',
  ({ reason, started, retries, outcome, settled }) => {
    const settlement = settlementOf(stopped(reason, started, retries), outcome, at);
    if (settled === null) expect(settlement).toBeNull();
    else expect(settlement).toMatchObject(settled);
  },
);

test('the first reason to stop stays', () => {
  const run = stopped('cancelled', true, 0);
  run.stop('shutdown');
  expect(run.stopReason).toBe('cancelled');
  expect(run.signal.reason).toBe('cancelled');
});
