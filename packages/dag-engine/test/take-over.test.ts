import { expect, test } from 'vitest';
import { Runner } from '../src/index.ts';
import { Engine, task, until, untilStopped } from './engine.ts';

/** Registers a runner, lets it claim everything, and leaves as if it had died. */
async function dieHolding(engine: Engine): Promise<void> {
  const { store, clock } = engine;
  const id = 'r_dead';
  await store.registerRunner({ id, name: 'x', host: 'h', pid: 1, registeredAt: clock.now() });
  const claim = { limit: 10, executors: ['script'] };
  await store.advance({ runnerId: id, now: clock.now(), settle: [], claim });
  await store.unregisterRunner(id);
}

test('a runner that starts ends what a dead one left running, then retries it', async () => {
  const engine = new Engine();
  const flowId = await engine.submit({ tasks: [task('a', { retries: 1, backoff_secs: 1 })] });
  await dieHolding(engine);
  await engine.runner.start();
  await engine.isIn(flowId, 'a', 'delayed');
  expect(engine.executor.reclaimed).toEqual(['a/1']);
  expect((await engine.task(flowId, 'a')).failure?.code).toBe('worker_lost');
  await engine.clock.advance(1_000);
  const { tasks } = await engine.ended(flowId);
  expect(tasks[0]).toMatchObject({ state: 'succeeded', attempt: 2 });
  const attempts = await engine.store.listAttempts({ flowId, taskId: 'a' });
  expect(attempts.map((attempt) => attempt.end)).toEqual(['lost', 'retry', 'succeeded']);
});

test('a runner ends also what a task of a type that it does not run has left', async () => {
  const engine = new Engine();
  const flowId = await engine.submit({ tasks: [task('a', { retries: 1, backoff_secs: 0 })] });
  await dieHolding(engine);
  const { store, logs, clock, executor } = engine;
  const other = new Runner({ store, logs, clock, executors: [], reclaimers: [executor] });
  await other.start();
  await until(() => executor.reclaimed.length === 1);
  await until(async () => (await engine.task(flowId, 'a')).attempt === 1);
  expect((await engine.task(flowId, 'a')).state).not.toBe('running');
  await other.stop({ graceMs: 0 });
});

test('work without retries fails when its runner dies', async () => {
  const engine = new Engine();
  const flowId = await engine.submit({ tasks: [task('a', { retries: 0 })] });
  await dieHolding(engine);
  await engine.runner.start();
  const { tasks } = await engine.ended(flowId);
  expect(tasks[0]).toMatchObject({ state: 'failed', failure: { code: 'worker_lost' } });
});

test('a running runner notices a death within half a second', async () => {
  const engine = new Engine({ a: untilStopped });
  await engine.runner.start();
  const busy = engine.another();
  await busy.start();
  await engine.store.setQueuePaused('default', true);
  const flowId = await engine.submit({ queue: 'other', tasks: [task('a', { retries: 1 })] });
  await engine.isIn(flowId, 'a', 'running');
  const before = engine.executor.reclaimed.length;
  const holder = (await engine.store.listRunners()).find((runner) => runner.attempts === 1);
  await engine.store.unregisterRunner(holder?.id ?? '');
  await engine.clock.advance(500);
  await until(() => engine.executor.reclaimed.length === before + 1);
});

test('a runner that was taken over aborts its attempts and registers anew', async () => {
  const engine = new Engine({ a: untilStopped });
  const flowId = await engine.submit({ tasks: [task('a', { retries: 1 }), task('b')] });
  await engine.runner.start();
  await engine.isIn(flowId, 'a', 'running');
  const first = engine.runner.id;
  await engine.store.unregisterRunner(first);
  await engine.submit({ tasks: [task('wakes-it')] });
  await until(() => engine.runner.id !== first);
  expect(engine.executor.runs.find((run) => run.ref.taskId === 'a')?.signal.reason).toBe(
    'runner_lost',
  );
  await engine.clock.advance(500);
  await engine.isIn(flowId, 'a', 'delayed');
  expect((await engine.task(flowId, 'a')).failure?.code).toBe('worker_lost');
});

test('a cancelled attempt of a dead runner frees its slot once it was ended', async () => {
  const engine = new Engine();
  const flowId = await engine.submit({ queue: 'q', tasks: [task('a')] });
  await dieHolding(engine);
  await engine.flows.cancel(flowId, '');
  expect((await engine.store.getQueue('q'))?.running).toBe(1);
  await engine.runner.start();
  await until(async () => (await engine.store.getQueue('q'))?.running === 0);
  expect(engine.executor.reclaimed).toEqual(['a/1']);
});
