import { expect, test } from 'vitest';
import { Engine, task, until, untilStopped } from './engine.ts';

test('a graceful stop lets what ends within the grace period end', async () => {
  let finish = () => {};
  const engine = new Engine({
    a: () =>
      new Promise((resolve) => {
        finish = () => resolve({ kind: 'succeeded', output: 1 });
      }),
  });
  const flowId = await engine.submit({ tasks: [task('a'), task('b', { depends_on: ['a'] })] });
  await engine.runner.start();
  await until(() => engine.executor.count('a') === 1);
  const stopped = engine.runner.stop({ graceMs: 1_500 });
  finish();
  await stopped;
  expect((await engine.task(flowId, 'a')).state).toBe('succeeded');
  expect((await engine.task(flowId, 'b')).state).toBe('ready');
  expect(await engine.store.listRunners()).toEqual([]);
});

test('what does not end in time is stopped and given back, one attempt spent', async () => {
  const engine = new Engine({ a: untilStopped });
  const flowId = await engine.submit({ tasks: [task('a', { retries: 1 })] });
  await engine.runner.start();
  await engine.isIn(flowId, 'a', 'running');
  const stopped = engine.runner.stop({ graceMs: 1_500 });
  await engine.clock.advance(1_499);
  expect((await engine.task(flowId, 'a')).state).toBe('running');
  await engine.clock.advance(1);
  await stopped;
  expect(engine.executor.runs[0]?.signal.reason).toBe('shutdown');
  expect(await engine.task(flowId, 'a')).toMatchObject({ state: 'ready', attempt: 1 });
});

test('work that must not run twice fails when its runner is stopped under it', async () => {
  const engine = new Engine({ a: untilStopped });
  const flowId = await engine.submit({ tasks: [task('a', { retries: 0 })] });
  await engine.runner.start();
  await engine.isIn(flowId, 'a', 'running');
  await engine.runner.stop({ graceMs: 0 });
  expect(await engine.task(flowId, 'a')).toMatchObject({
    state: 'failed',
    failure: { code: 'worker_stopped' },
  });
});

test('stopping twice is one stop, and a runner that never started stops at once', async () => {
  const engine = new Engine();
  await engine.another().stop({ graceMs: 0 });
  await engine.runner.start();
  await Promise.all([engine.runner.stop({ graceMs: 0 }), engine.runner.stop({ graceMs: 0 })]);
  expect(await engine.store.listRunners()).toEqual([]);
});

test('a cancelled flow stops its running attempts, and their slots come free when they have', async () => {
  const engine = new Engine({ a: untilStopped });
  const flowId = await engine.submit({
    queue: 'q',
    tasks: [task('a'), task('b', { depends_on: ['a'] })],
  });
  await engine.runner.start();
  await engine.isIn(flowId, 'a', 'running');
  const { flow, cancelled } = await engine.flows.cancel(flowId, '');
  expect({ cancelled, state: flow.state }).toEqual({ cancelled: true, state: 'cancelled' });
  await until(async () => (await engine.store.getQueue('q'))?.running === 0);
  expect(engine.executor.runs[0]?.signal.reason).toBe('cancelled');
  expect(await engine.flows.cancel(flowId, '')).toMatchObject({ cancelled: false });
  const { states } = await engine.ended(flowId);
  expect(states).toEqual({ a: 'cancelled', b: 'cancelled' });
});
