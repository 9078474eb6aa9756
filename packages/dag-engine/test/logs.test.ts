import { MemoryLogStore } from '@tasked/store-memory';
import { expect, test } from 'vitest';
import { Engine, task, until } from './engine.ts';

class SlowLogs extends MemoryLogStore {
  flushes = 0;
  readonly #written: Promise<void>;

  constructor(written: Promise<void>) {
    super();
    this.#written = written;
  }

  override async flush(): Promise<void> {
    this.flushes += 1;
    await this.#written;
  }
}

test('a task is not seen to have ended before all of its log can be read', async () => {
  let write = () => {};
  const logs = new SlowLogs(new Promise((resolve) => (write = resolve)));
  const engine = new Engine(
    {
      a: (context) => {
        context.log('stdout', 'done');
        return { kind: 'succeeded', output: null };
      },
    },
    { logs },
  );
  const flowId = await engine.submit({ tasks: [task('a')] });
  await engine.runner.start();
  await until(() => logs.flushes === 1);
  await engine.clock.advance(1_000);
  expect((await engine.task(flowId, 'a')).state).toBe('running');
  write();
  await engine.isIn(flowId, 'a', 'succeeded');
});

test('a log that cannot be written costs the task nothing, and a silent task waits for none', async () => {
  const logs = new SlowLogs(Promise.reject(new Error('the disk is full')));
  const engine = new Engine(
    {
      a: (context) => {
        context.log('stdout', 'done');
        return { kind: 'succeeded', output: null };
      },
    },
    { logs },
  );
  const { states } = await engine.runToEnd({ tasks: [task('a'), task('b')] });
  expect(states).toEqual({ a: 'succeeded', b: 'succeeded' });
  expect(logs.flushes).toBe(1);
});
