import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { shellExecutor } from '../src/index.ts';
import { outputOf, TestAttempt } from './attempt.ts';

const shell = shellExecutor({ graceMs: 300 });

it('runs 50 commands at once, each with its own input and output', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const attempt = new TestAttempt({ command: 'sleep 0.2; cat' }, { input: index });
      return outputOf(await shell.run(attempt)).stdout;
    }),
  );
  expect(outcomes).toEqual(Array.from({ length: 50 }, (_, index) => String(index)));
});

it('stops 50 commands at once', async () => {
  const attempts = Array.from(
    { length: 50 },
    () => new TestAttempt({ command: 'echo up; sleep 60' }),
  );
  const running = attempts.map((attempt) => shell.run(attempt));
  await Promise.all(attempts.map((attempt) => attempt.printed(/up/)));
  const stopped = performance.now();
  for (const attempt of attempts) attempt.stop('cancelled');
  const outcomes = await Promise.all(running);
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array(50).fill('failed'));
  expect(performance.now() - stopped).toBeLessThan(5_000);
});

it('runs 500 commands one after another without keeping files open', async () => {
  const open = () => readdirSync('/proc/self/fd').length;
  await shell.run(new TestAttempt({ command: 'true' }));
  const before = open();
  for (let run = 0; run < 100; run += 1) {
    await Promise.all(
      Array.from({ length: 5 }, () => shell.run(new TestAttempt({ command: ':' }, { input: run }))),
    );
  }
  expect(open()).toBeLessThan(before + 5);
});
