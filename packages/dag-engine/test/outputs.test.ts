import { MemoryStore } from '@tasked/store-memory';
import { expect, test } from 'vitest';
import { Engine, failing, type Script, task, until } from './engine.ts';

/** Gives a thousandth of what is asked for, so that small outputs are as large ones. */
class NarrowStore extends MemoryStore {
  override readOutputs(
    ...[refs, maxBytes]: Parameters<MemoryStore['readOutputs']>
  ): ReturnType<MemoryStore['readOutputs']> {
    return super.readOutputs(refs, maxBytes / 1_000);
  }
}

test('how much an attempt may refer to does not depend on what is claimed beside it', async () => {
  const ids = ['1', '2', '3', '4', '5'];
  const large: Script = () => ({ kind: 'succeeded', output: 'x'.repeat(100_000) });
  const engine = new Engine(Object.fromEntries(ids.map((id) => [`a${id}`, large])), {
    store: new NarrowStore(),
  });
  const gate = task('gate', { depends_on: ids.map((id) => `a${id}`) });
  const readers = ids.map((id) =>
    task(`b${id}`, { depends_on: [`a${id}`, 'gate'], input: `\${tasks.a${id}.output}` }),
  );
  const { flow } = await engine.runToEnd({
    tasks: [...ids.map((id) => task(`a${id}`)), gate, ...readers],
  });
  expect(flow.state).toBe('succeeded');
});

test('a result that came too late is not what dependents get', async () => {
  const fails = failing(1, false);
  const engine = new Engine({
    a: async (context) => {
      if (context.attempt === 1) {
        await engine.store.unregisterRunner(engine.runner.id);
        return { kind: 'succeeded', output: 'of the lost attempt' };
      }
      return { ...(await fails(context)), output: 'of the attempt that counts' };
    },
  });
  const flowId = await engine.submit({
    tasks: [
      task('a', { retries: 1, backoff_secs: 1, allow_failure: true }),
      task('b', { depends_on: ['a'], input: `\${tasks.a.output}` }),
    ],
  });
  await engine.runner.start();
  const first = engine.runner.id;
  await until(() => engine.runner.id !== first);
  await engine.clock.advance(500);
  await engine.isIn(flowId, 'a', 'delayed');
  await engine.clock.advance(1_000);
  await engine.ended(flowId);
  expect(await engine.flows.readOutput(flowId, 'b', '')).toBe('of the attempt that counts');
});
