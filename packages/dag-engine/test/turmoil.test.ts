import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Engine, type Script, task, until, untilStopped } from './engine.ts';

const FAILED = { code: 'boom', message: 'boom', retryable: true };

/** What tasks do, by their ids. */
const SCRIPTS: Readonly<Record<string, Script>> = {
  quick: () => ({ kind: 'succeeded', output: 'quick' }),
  retried: ({ attempt }) =>
    attempt < 3 ? { kind: 'failed', failure: FAILED } : { kind: 'succeeded', output: attempt },
  final: () => ({ kind: 'failed', failure: { ...FAILED, retryable: false } }),
  snoozing: ({ ref }) =>
    ref.fence < 3 ? { kind: 'snooze', delayMs: 40 } : { kind: 'succeeded', output: null },
  long: untilStopped,
  after: () => ({ kind: 'succeeded', output: null }),
};

const FLOW = {
  queue: 'narrow',
  queue_config: { concurrency: 4 },
  tasks: [
    ...['quick', 'retried', 'final', 'snoozing', 'long'].map((id) =>
      task(id, { retries: 2, backoff_secs: 0.1, timeout_secs: 1 }),
    ),
    task('after', {
      depends_on: ['quick', 'retried', 'final', 'long'],
      trigger_rule: 'all_done',
      input: `\${tasks.quick.output}`,
    }),
  ],
};

const event = fc.oneof(
  fc.constant('submit' as const),
  fc.constant('cancel' as const),
  fc.constant('lose' as const),
  fc.constant('restart' as const),
  fc.integer({ min: 0, max: 700 }),
);

test('whatever is lost, stopped or cancelled meanwhile, flows end and slots come free', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 40 }), async (events) => {
      const engine = new Engine(SCRIPTS);
      const { clock, store, flows } = engine;
      const flowIds = [await engine.submit(FLOW)];
      const runners = [engine.runner, engine.another({ slots: 3 })];
      for (const runner of runners) await runner.start();
      for (const [turn, what] of events.entries()) {
        const index = turn % runners.length;
        const runner = runners[index] ?? engine.runner;
        if (what === 'submit') flowIds.push(await engine.submit(FLOW));
        else if (what === 'cancel') await flows.cancel(flowIds.at(-1) ?? '', '');
        else if (what === 'lose') await store.unregisterRunner(runner.id);
        else if (what === 'restart') {
          const stopped = runner.stop({ graceMs: 0 });
          runners[index] = engine.another({ slots: 3 });
          await Promise.all([stopped, runners[index].start()]);
        } else await clock.advance(what);
      }
      await until(async () => {
        await clock.advance(500);
        const states = await Promise.all(flowIds.map((id) => flows.get(id, '')));
        return states.every(({ state }) => state !== 'running');
      });
      await clock.advance(1_000);
      expect((await store.getQueue('narrow'))?.running).toBe(0);
      for (const flowId of flowIds) {
        for (const { id } of await flows.listTasks({ flowId, limit: 100 }, '')) {
          const ends = (await store.listAttempts({ flowId, taskId: id })).map(({ end }) => end);
          expect(ends).not.toContain(null);
          expect(ends.slice(0, -1)).not.toContain('succeeded');
          expect(ends.slice(0, -1)).not.toContain('failed');
        }
      }
      await Promise.all(runners.map((runner) => runner.stop({ graceMs: 0 })));
      expect(await store.listRunners()).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
