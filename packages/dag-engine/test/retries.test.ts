import { expect, test } from 'vitest';
import { Engine, failing, task, until, untilStopped } from './engine.ts';

test('a retryable failure is tried again after exponential backoff, up to the budget', async () => {
  const engine = new Engine({ a: failing(99) });
  const flowId = await engine.submit({
    tasks: [task('a', { retries: 3, backoff_secs: 1, max_backoff_secs: 3 })],
  });
  await engine.runner.start();
  for (const [attempt, delay] of [
    [1, 1_000],
    [2, 2_000],
    [3, 3_000],
  ] as const) {
    await engine.isIn(flowId, 'a', 'delayed');
    expect(engine.executor.count('a')).toBe(attempt);
    expect((await engine.task(flowId, 'a')).failure?.message).toBe(`no. ${attempt}`);
    await engine.clock.advance(delay - 1);
    expect(engine.executor.count('a')).toBe(attempt);
    await engine.clock.advance(1);
    await until(() => engine.executor.count('a') === attempt + 1);
  }
  const { flow, tasks } = await engine.ended(flowId);
  expect(flow.state).toBe('failed');
  expect(tasks[0]).toMatchObject({ state: 'failed', attempt: 4, failure: { message: 'no. 4' } });
  const attempts = await engine.store.listAttempts({ flowId, taskId: 'a' });
  expect(attempts.map((attempt) => attempt.end)).toEqual(['retry', 'retry', 'retry', 'failed']);
});

test('a failure that is not retryable is final at once', async () => {
  const engine = new Engine({ a: failing(1, false) });
  const { tasks } = await engine.runToEnd({ tasks: [task('a', { retries: 5 })] });
  expect(tasks[0]).toMatchObject({ state: 'failed', attempt: 1 });
});

test('the queue says how often and how long where a task does not', async () => {
  const engine = new Engine({ a: untilStopped });
  const flowId = await engine.submit({
    queue: 'slow',
    queue_config: { concurrency: 1, max_retries: 0, timeout_secs: 7 },
    tasks: [task('a')],
  });
  await engine.runner.start();
  await engine.isIn(flowId, 'a', 'running');
  await engine.clock.advance(6_999);
  expect((await engine.task(flowId, 'a')).state).toBe('running');
  await engine.clock.advance(1);
  const { tasks } = await engine.ended(flowId);
  expect(tasks[0]).toMatchObject({ state: 'failed', attempt: 1, failure: { code: 'timeout' } });
});

test('an attempt that outlives its timeout is stopped, fails as timed out, and is retried', async () => {
  const engine = new Engine({ a: untilStopped });
  const flowId = await engine.submit({ tasks: [task('a', { timeout_secs: 2, retries: 1 })] });
  await engine.runner.start();
  await engine.isIn(flowId, 'a', 'running');
  await engine.clock.advance(2_000);
  await engine.isIn(flowId, 'a', 'delayed');
  expect((await engine.task(flowId, 'a')).failure).toMatchObject({ code: 'timeout' });
  expect(engine.executor.runs[0]?.signal.reason).toBe('timeout');
});

test('a success that comes after the timeout does not count', async () => {
  const engine = new Engine({
    a: ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ kind: 'succeeded', output: 'late' }));
      }),
  });
  const flowId = await engine.submit({ tasks: [task('a', { timeout_secs: 1, retries: 0 })] });
  await engine.runner.start();
  await engine.isIn(flowId, 'a', 'running');
  await engine.clock.advance(1_000);
  const { states } = await engine.ended(flowId);
  expect(states.a).toBe('failed');
  expect(await engine.flows.readOutput(flowId, 'a', '')).toBe('late');
});

test('a snooze spends no attempt', async () => {
  let runs = 0;
  const engine = new Engine({
    a: () =>
      ++runs <= 3 ? { kind: 'snooze', delayMs: 60_000 } : { kind: 'succeeded', output: runs },
  });
  const flowId = await engine.submit({ tasks: [task('a', { retries: 0 })] });
  await engine.runner.start();
  for (let snoozes = 0; snoozes < 3; snoozes++) {
    await engine.isIn(flowId, 'a', 'delayed');
    await engine.clock.advance(60_000);
  }
  const { tasks } = await engine.ended(flowId);
  expect(tasks[0]).toMatchObject({ state: 'succeeded', attempt: 1, fence: 4 });
});
