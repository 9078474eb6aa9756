import { expect, test } from 'vitest';
import { waitForNews } from '../src/wait-for-news.ts';
import { Engine, failing, task, until, untilStopped } from './engine.ts';

test('a wait ends with its flow', async () => {
  const engine = new Engine();
  const flowId = await engine.submit({ tasks: [task('a')] });
  const waiting = engine.flows.wait(flowId, '', { timeoutMs: 60_000 });
  await engine.runner.start();
  expect((await waiting).state).toBe('succeeded');
});

test('a wait ends when a task fails, though the flow goes on', async () => {
  const engine = new Engine({ bad: failing(1, false), slow: untilStopped });
  const flowId = await engine.submit({ tasks: [task('bad'), task('slow')] });
  const waiting = engine.flows.wait(flowId, '', { timeoutMs: 60_000 });
  await engine.runner.start();
  expect(await waiting).toMatchObject({ state: 'running', counts: { failed: 1 } });
});

test('a wait ends when its time is up', async () => {
  const engine = new Engine({ slow: untilStopped });
  const flowId = await engine.submit({ tasks: [task('slow')] });
  await engine.runner.start();
  let ended = false;
  const waiting = engine.flows.wait(flowId, '', { timeoutMs: 25_000 }).then((flow) => {
    ended = true;
    return flow;
  });
  await engine.clock.advance(24_999);
  expect(ended).toBe(false);
  await engine.clock.advance(1);
  expect((await waiting).state).toBe('running');
});

test('an aborted wait ends at once and cancels nothing', async () => {
  const engine = new Engine({ slow: untilStopped });
  const flowId = await engine.submit({ tasks: [task('slow')] });
  await engine.runner.start();
  await engine.isIn(flowId, 'slow', 'running');
  const abort = new AbortController();
  const waiting = engine.flows.wait(flowId, '', { timeoutMs: 25_000, signal: abort.signal });
  abort.abort();
  expect((await waiting).state).toBe('running');
  await until(async () => (await engine.task(flowId, 'slow')).state === 'running');
});

test('a wait is not longer because the clock of the machine is set back', async () => {
  const engine = new Engine({ slow: untilStopped });
  const flowId = await engine.submit({ tasks: [task('slow')] });
  await engine.runner.start();
  await engine.isIn(flowId, 'slow', 'running');
  const { clock, store } = engine;
  let setBackMs = 0;
  let ended = false;
  const waiting = waitForNews({
    store,
    clock: { now: () => clock.now() - setBackMs, schedule: (ms, fire) => clock.schedule(ms, fire) },
    flowId,
    read: () => engine.flows.get(flowId, ''),
    timeoutMs: 25_000,
  }).then(() => {
    ended = true;
  });
  await clock.advance(1_000);
  setBackMs = 3_600_000;
  await clock.advance(24_000);
  expect(ended).toBe(true);
  await waiting;
});
