import { TaskedError } from '@tasked/core';
import { MemoryStore } from '@tasked/store-memory';
import { expect, test } from 'vitest';
import { Engine, task, until } from './engine.ts';

class FlakyStore extends MemoryStore {
  failing = false;

  override async advance(...args: Parameters<MemoryStore['advance']>) {
    if (this.failing) throw new TaskedError('unavailable', 'the disk is full');
    return await super.advance(...args);
  }

  override async readOutputs(...args: Parameters<MemoryStore['readOutputs']>) {
    if (this.failing) throw new TaskedError('unavailable', 'the disk is full');
    return await super.readOutputs(...args);
  }
}

test('a result is kept until the store takes it again', async () => {
  const store = new FlakyStore();
  let finish = () => {};
  const engine = new Engine(
    {
      a: () =>
        new Promise((resolve) => {
          finish = () => resolve({ kind: 'succeeded', output: 1 });
        }),
    },
    { store },
  );
  const flowId = await engine.submit({ tasks: [task('a', { retries: 0 })] });
  await engine.runner.start();
  await engine.isIn(flowId, 'a', 'running');
  store.failing = true;
  finish();
  await engine.clock.advance(10_000);
  expect((await engine.task(flowId, 'a')).state).toBe('running');
  store.failing = false;
  await engine.clock.advance(1_000);
  await until(async () => (await engine.task(flowId, 'a')).state === 'succeeded');
  expect(engine.executor.count('a')).toBe(1);
});
