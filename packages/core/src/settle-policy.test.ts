import { describe, expect, test } from 'vitest';
import type { TaskFailure } from './failure.ts';
import { settle, settleInterrupted, settleLost } from './settle-policy.ts';

const ref = { flowId: 'f_1', taskId: 'a', fence: 7 };
const at = { now: 10_000, random: () => 0 };
const failure: TaskFailure = { code: 'exit_code', message: 'exit code 1', retryable: true };

/** An attempt of a task that may be tried again `retries` times. */
function spent(attempt: number, retries: number) {
  return { ref, attempt, retry: { retries, backoffMs: 1_000, maxBackoffMs: 60_000 } };
}

describe('settle', () => {
  test('keeps the output of a success, whatever the attempt', () => {
    const outcome = { kind: 'succeeded', output: { a: [1] } } as const;
    expect(settle(spent(9, 0), outcome, at)).toEqual({
      attempt: ref,
      kind: 'succeeded',
      output: { a: [1] },
    });
  });

  test.each([
    [1, 11_000],
    [2, 12_000],
    [3, 14_000],
  ])('retries failed attempt %i of four with a growing delay', (attempt, availableAt) => {
    expect(settle(spent(attempt, 3), { kind: 'failed', failure }, at)).toEqual({
      attempt: ref,
      kind: 'retry',
      failure,
      availableAt,
    });
  });

  test.each([
    ['no sooner than asked', 90_000, 100_000],
    ['no sooner than its backoff', 200, 11_000],
    ['after a day at the latest, whatever was asked', 900_000_000, 86_410_000],
    ['no sooner than its backoff when what was asked is over', -5_000, 11_000],
  ])('a retry comes %s', (_, retryAfterMs, availableAt) => {
    const outcome = { kind: 'failed', failure, retryAfterMs } as const;
    expect(settle(spent(1, 3), outcome, at)).toMatchObject({ kind: 'retry', availableAt });
  });

  test('the backoff holds when it is longer than a day', () => {
    const retry = { retries: 1, backoffMs: 90_000_000, maxBackoffMs: 90_000_000 };
    const outcome = { kind: 'failed', failure, retryAfterMs: 100_000_000 } as const;
    expect(settle({ ref, attempt: 1, retry }, outcome, at)).toMatchObject({
      availableAt: 90_010_000,
    });
  });

  test('what was asked counts for nothing when no retry is left', () => {
    const outcome = { kind: 'failed', failure, retryAfterMs: 90_000 } as const;
    expect(settle(spent(4, 3), outcome, at)).toEqual({
      attempt: ref,
      kind: 'failed',
      failure,
      output: null,
    });
  });

  test('fails when the last attempt failed, and keeps what it put out', () => {
    expect(settle(spent(4, 3), { kind: 'failed', failure, output: 'half' }, at)).toEqual({
      attempt: ref,
      kind: 'failed',
      failure,
      output: 'half',
    });
  });

  test('a failure without output is kept with null', () => {
    expect(settle(spent(1, 0), { kind: 'failed', failure }, at)).toMatchObject({ output: null });
  });

  test('fails at once when a further attempt cannot end better', () => {
    const final = { ...failure, retryable: false };
    expect(settle(spent(1, 3), { kind: 'failed', failure: final }, at).kind).toBe('failed');
  });

  test('a snooze spends nothing and never lies in the past', () => {
    const snooze = (delayMs: number) => settle(spent(1, 0), { kind: 'snooze', delayMs }, at);
    expect(snooze(500)).toEqual({ attempt: ref, kind: 'snooze', availableAt: 10_500 });
    expect(snooze(-500)).toMatchObject({ availableAt: 10_000 });
  });

  test('a wait for input spends nothing, and its deadline never lies in the past', () => {
    const inputRequests = { name: { message: 'Who?' } };
    const wait = (withinMs?: number) =>
      settle(
        spent(1, 0),
        { kind: 'waiting', inputRequests, ...(withinMs === undefined ? {} : { withinMs }) },
        at,
      );
    const waiting = { attempt: ref, kind: 'waiting', inputRequests };
    expect(wait()).toEqual({ ...waiting, deadlineAt: null });
    expect(wait(500)).toEqual({ ...waiting, deadlineAt: 10_500 });
    expect(wait(-500)).toEqual({ ...waiting, deadlineAt: 10_000 });
  });
});

describe('settleLost', () => {
  test('retries with backoff while the budget lasts', () => {
    expect(settleLost(spent(1, 1), at)).toMatchObject({
      kind: 'retry',
      failure: { code: 'worker_lost' },
      availableAt: 11_000,
    });
  });

  test('fails work that must not run twice', () => {
    expect(settleLost(spent(1, 0), at)).toMatchObject({
      kind: 'failed',
      failure: { code: 'worker_lost' },
      output: null,
    });
  });
});

describe('settleInterrupted', () => {
  test('gives the attempt back at once while the budget lasts, as a spent one', () => {
    expect(settleInterrupted(spent(1, 1))).toEqual({ attempt: ref, kind: 'released', spent: true });
  });

  test('fails work that must not run twice', () => {
    expect(settleInterrupted(spent(1, 0))).toMatchObject({
      kind: 'failed',
      failure: { code: 'worker_stopped' },
      output: null,
    });
  });
});
