import { MemoryStore } from '@tasked/store-memory';
import { expect, test } from 'vitest';
import { Engine, task, until, untilStopped } from './engine.ts';

/** Answers a claim late, as one that waits for other processes does; the claim itself is made at once. */
class SlowStore extends MemoryStore {
  answer = () => {};
  slow = false;

  override async advance(...args: Parameters<MemoryStore['advance']>) {
    const result = await super.advance(...args);
    if (this.slow && args[0].claim !== null) {
      await new Promise<void>((resolve) => {
        this.answer = resolve;
      });
    }
    return result;
  }
}

test.each([0, 1_500])(
  'what is claimed while a stop of %i ms begins is given back and never runs',
  async (graceMs) => {
    const store = new SlowStore();
    const engine = new Engine({ a: untilStopped }, { store });
    await engine.runner.start();
    store.slow = true;
    const flowId = await engine.submit({ tasks: [task('a', { retries: 0 })] });
    await engine.isIn(flowId, 'a', 'running');
    const stopped = engine.runner.stop({ graceMs });
    store.answer();
    await stopped;
    expect(engine.executor.runs).toEqual([]);
    expect(await engine.task(flowId, 'a')).toMatchObject({ state: 'ready', attempt: 0 });
    expect(await store.listRunners()).toEqual([]);
  },
);

test('a stop while the runner starts leaves nothing behind', async () => {
  const engine = new Engine({ a: untilStopped });
  const flowId = await engine.submit({ tasks: [task('a', { retries: 0 })] });
  const started = engine.runner.start();
  await engine.runner.stop({ graceMs: 0 });
  await started;
  await until(async () => (await engine.store.listRunners()).length === 0);
  expect(engine.executor.runs).toEqual([]);
  expect(await engine.task(flowId, 'a')).toMatchObject({ state: 'ready' });
});
