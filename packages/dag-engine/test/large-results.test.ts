import { MemoryStore } from '@tasked/store-memory';
import { expect, test } from 'vitest';
import { Engine, type Script, task } from './engine.ts';

class WatchedStore extends MemoryStore {
  readonly settled: number[] = [];

  override async advance(...args: Parameters<MemoryStore['advance']>) {
    this.settled.push(args[0].settle.length);
    return await super.advance(...args);
  }
}

/** Runs tasks that all end in the same turn; returns how many results one tick carried at most. */
async function mostInOneTick(outputChars: number): Promise<number> {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const output = 'x'.repeat(outputChars);
  let running = 0;
  const script: Script = async () => {
    running += 1;
    if (running === ids.length) open();
    await opened;
    return { kind: 'succeeded', output };
  };
  const store = new WatchedStore();
  const engine = new Engine(Object.fromEntries(ids.map((id) => [id, script])), { store });
  const { flow } = await engine.runToEnd({ tasks: ids.map((id) => task(id)) });
  expect(flow.state).toBe('succeeded');
  return Math.max(...store.settled);
}

test('large results are committed a few at a time, so that other work comes between', async () => {
  expect(await mostInOneTick(7_000_000)).toBe(2);
  expect(await mostInOneTick(16_000_000)).toBe(1);
});

test('small ones that end together are committed together', async () => {
  expect(await mostInOneTick(7_000)).toBe(5);
});
