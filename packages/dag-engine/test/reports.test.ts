import type { AttemptRef, JsonValue, Report } from '@tasked/core';
import { MemoryStore } from '@tasked/store-memory';
import { expect, test } from 'vitest';
import { until } from './engine.ts';
import { FunctionEngine } from './function-engine.ts';

/** Remembers what was reported. */
class HearingStore extends MemoryStore {
  readonly reports: Report[] = [];

  override async report(attempt: AttemptRef, report: Report): Promise<boolean> {
    this.reports.push(report);
    return await super.report(attempt, report);
  }
}

function waiting(): { readonly promise: Promise<void>; readonly goOn: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, goOn: resolve };
}

test('progress is shown at once, written once a second at most, and gone in the end', async () => {
  const { promise, goOn } = waiting();
  let say: (message: string, fraction?: number) => void = () => {};
  const store = new HearingStore();
  const engine = new FunctionEngine(
    {
      async main(_, ctx) {
        say = (message, fraction) => ctx.progress(message, fraction);
        ctx.progress('begun');
        await promise;
      },
    },
    store,
  );
  const flowId = await engine.start();
  await until(async () => (await engine.task(flowId)).progress !== null);
  const { rev } = await engine.flows.get(flowId, '');
  for (let chunk = 1; chunk <= 100; chunk++) say(`chunk ${chunk}`, chunk / 100);
  await engine.clock.advance(999);
  expect((await engine.task(flowId)).progress).toEqual({ message: 'begun', fraction: null });
  await engine.clock.advance(1);
  expect((await engine.task(flowId)).progress).toEqual({ message: 'chunk 100', fraction: 1 });
  expect((await engine.flows.get(flowId, '')).rev).toBe(rev + 1);
  await engine.clock.advance(5_000);
  expect(store.reports).toHaveLength(2);
  say('after a while');
  await until(() => store.reports.length === 3);
  say('never written');
  goOn();
  expect((await engine.isIn(flowId, 'succeeded')).progress).toBeNull();
  await engine.clock.advance(5_000);
  expect(store.reports).toHaveLength(3);
});

test('a function that reports nothing costs no call of the store', async () => {
  const store = new HearingStore();
  const engine = new FunctionEngine({ main: () => 1 }, store);
  await engine.output(await engine.start());
  expect(store.reports).toEqual([]);
});

test.each<[string, unknown, unknown, object]>([
  ['a long message', 'x'.repeat(1_000), 0.5, { message: `${'x'.repeat(499)}…`, fraction: 0.5 }],
  ['no text', 10n, 0.5, { message: '', fraction: 0.5 }],
  ['too much', 'm', 7, { message: 'm', fraction: 1 }],
  ['too little', 'm', -1, { message: 'm', fraction: 0 }],
  ['no number', 'm', Number.NaN, { message: 'm', fraction: null }],
  ['a text', 'm', '50 %', { message: 'm', fraction: null }],
])('progress of %s is put right', async (_, message, fraction, shown) => {
  const { promise, goOn } = waiting();
  const engine = new FunctionEngine({
    async main(_input, ctx) {
      ctx.progress(message as string, fraction as number);
      await promise;
    },
  });
  const flowId = await engine.start();
  await until(async () => (await engine.task(flowId)).progress !== null);
  expect((await engine.task(flowId)).progress).toEqual(shown);
  goOn();
  await engine.isIn(flowId, 'succeeded');
});

test.each<[string, unknown, string, RegExp]>([
  ['a BigInt', 10n, 'invalid_input', /BigInt/],
  ['nothing', undefined, 'invalid_input', /undefined/],
  ['more than 64 KiB', 'x'.repeat(65_535), 'limit_exceeded', /65537 bytes/],
])('saving %s is refused', async (_, value, code, says) => {
  const engine = new FunctionEngine({ main: (_input, ctx) => ctx.save(value as JsonValue) });
  const { failure } = await engine.isIn(await engine.start(), 'failed');
  expect(failure).toMatchObject({ code, retryable: false });
  expect(failure?.message).toMatch(says);
});

test('exactly 64 KiB can be saved, and a value is saved as it is when it is handed over', async () => {
  const large = 'x'.repeat(65_534);
  const engine = new FunctionEngine({
    async main(_, ctx) {
      if (ctx.saved !== null) return [ctx.saved === large, ctx.attempt];
      const value = { chunk: 1 };
      const first = ctx.save(value);
      value.chunk = 2;
      await first;
      await ctx.save(large);
      throw new Error('again');
    },
  });
  const flowId = await engine.start(['main'], { retries: 1, backoff_secs: 0 });
  expect(await engine.output(flowId)).toEqual([true, 2]);
});

test('what is saved in a hurry is kept in order before the attempt ends', async () => {
  const engine = new FunctionEngine({
    main(_, ctx) {
      if (ctx.saved !== null) return ctx.saved;
      for (let chunk = 1; chunk <= 5; chunk++) void ctx.save(chunk);
      throw new Error('again');
    },
  });
  const flowId = await engine.start(['main'], { retries: 1, backoff_secs: 0 });
  expect(await engine.output(flowId)).toBe(5);
});

test('an attempt that was cancelled saves nothing more', async () => {
  const { promise, goOn } = waiting();
  let saved: Promise<void> | undefined;
  const engine = new FunctionEngine({
    async main(_, ctx) {
      await promise;
      saved = ctx.save('late');
      await saved;
    },
  });
  const flowId = await engine.start();
  await engine.isIn(flowId, 'running');
  await engine.flows.cancel(flowId, '');
  goOn();
  await until(() => saved !== undefined);
  await expect(saved).rejects.toMatchObject({ code: 'illegal_transition' });
});
