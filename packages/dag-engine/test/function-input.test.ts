import { MemoryLogStore, MemoryStore } from '@tasked/store-memory';
import { FakeClock } from '@tasked/store-testkit';
import { expect, test } from 'vitest';
import { Flows } from '../src/flows.ts';
import { functionExecutor } from '../src/function/function-executor.ts';
import { Runner } from '../src/runner.ts';

test('a function asks, waits without a slot, and goes on with the answer', async () => {
  const clock = new FakeClock();
  const store = new MemoryStore();
  const runs: number[] = [];
  const greet = functionExecutor({
    type: 'greet',
    async run(input, ctx) {
      runs.push(ctx.attempt);
      const { name } = await ctx.requireInput({ name: { message: 'Who?' } });
      return `${String(input)}, ${String(name)}!`;
    },
  });
  const parts = { store, executors: [greet], clock };
  const flows = new Flows(parts);
  const runner = new Runner({ ...parts, logs: new MemoryLogStore() });
  await runner.start();
  const { flow } = await flows.submit(
    { tasks: [{ id: 'hello', executor: 'greet', input: 'Hello', retries: 0 }] },
    '',
  );
  const waiting = await flows.wait(flow.id, '', { timeoutMs: 60_000 });
  expect(waiting).toMatchObject({ state: 'running', counts: { waiting: 1 } });
  expect((await store.getQueue('default'))?.running).toBe(0);
  expect(await flows.listInputs(flow.id, '')).toMatchObject([
    { address: 'name', request: { message: 'Who?' } },
  ]);
  const taken = await flows.answerInputs(flow.id, '', { name: 'Ada', age: 36 });
  expect(taken).toEqual({ accepted: ['name'], refused: [{ address: 'age', why: 'unknown' }] });
  const done = await flows.wait(flow.id, '', { timeoutMs: 60_000, since: waiting });
  expect(done.state).toBe('succeeded');
  expect(await flows.readOutput(flow.id, 'hello', '')).toBe('Hello, Ada!');
  expect(runs).toEqual([1, 1]);
  await runner.stop({ graceMs: 0 });
});
