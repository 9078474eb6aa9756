import fc from 'fast-check';
import { expect, test } from 'vitest';
import { until } from './engine.ts';
import { FunctionEngine } from './function-engine.ts';

/** What a function does, step by step; every run begins at the first. */
type Step =
  | { readonly do: 'ask'; readonly keys: readonly string[] }
  | { readonly do: 'fail' | 'snooze' | 'save' };

/** Who answers answers some of what is asked for, with some noise, and now and then a runner dies. */
type Turn =
  | { readonly do: 'answer'; readonly picks: readonly number[]; readonly noise: boolean }
  | { readonly do: 'lose' };

const KEYS = ['a', 'b', 'c', 'd', 'e', '__proto__'];

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      keys: fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('fail', 'snooze', 'save') }) },
);

const turn: fc.Arbitrary<Turn> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      picks: fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 3 }),
      noise: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'lose' as const }) },
);

/** Somebody answers in the end, whatever else happens. */
const AT_LEAST: Turn = { do: 'answer', picks: [0], noise: false };

test('whatever fails, is put off or lost: each question is asked once, and answered once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 8 }),
      fc.array(turn, { maxLength: 11 }).map((turns) => [...turns, AT_LEAST]),
      async (steps, turns) => {
        const saved: number[] = [];
        const engine = new FunctionEngine({
          async main(_, ctx) {
            const done = new Set<number>(saved);
            const heard: [string, unknown][] = [];
            for (const [number, what] of steps.entries()) {
              if (what.do === 'ask') {
                const requests = what.keys.map((key) => [key, { step: number }] as const);
                heard.push(...Object.entries(await ctx.requireInput(Object.fromEntries(requests))));
              } else if (what.do === 'save') await ctx.save(number);
              else if (!done.has(number)) {
                saved.push(number);
                if (what.do === 'snooze') ctx.snooze(1_000);
                throw new Error('once');
              }
            }
            return { heard, saved: ctx.saved };
          },
        });
        const flowId = await engine.start(['main'], { retries: 100, backoff_secs: 0 });
        let runner = engine.runner;
        const given = new Map<string, number>();
        for (let round = 0; (await engine.flows.get(flowId, '')).state === 'running'; round++) {
          expect(round).toBeLessThan(200);
          const what = turns[round % turns.length] as Turn;
          if (what.do === 'lose') {
            await engine.store.unregisterRunner(runner.id);
            runner = engine.another();
            await runner.start();
          } else {
            const asked = await engine.asks(flowId);
            const picked = what.picks.flatMap((pick) => asked[pick % asked.length] ?? []);
            const noise = what.noise ? [...given.keys(), 'never'] : [];
            const keys = [...new Set([...picked, ...noise])];
            const answers = Object.fromEntries(keys.map((key) => [key, round]));
            const { accepted } = await engine.answer(flowId, answers);
            expect([...accepted].sort()).toEqual([...new Set(picked)].sort());
            for (const key of accepted) {
              expect(given.has(key)).toBe(false);
              given.set(key, round);
            }
          }
          await engine.clock.advance(1_000);
        }
        const asks = steps.flatMap((one) => (one.do === 'ask' ? one.keys : []));
        await until(async () => (await engine.task(flowId)).state === 'succeeded');
        expect((await engine.flows.get(flowId, '')).inputCount).toBe(new Set(asks).size);
        expect(await engine.flows.readOutput(flowId, 'main', '')).toEqual({
          heard: asks.map((key) => [key, given.get(key)]),
          saved: steps.findLastIndex((one) => one.do === 'save') === -1 ? null : expect.any(Number),
        });
        await runner.stop({ graceMs: 0 });
      },
    ),
    { numRuns: 60 },
  );
});
