import type { Executor, NewFlowTask, Warning } from '@tasked/core';
import { expect, test } from 'vitest';
import { flowWarnings } from './flow-warnings.ts';

const task = (id: string, executor: string): NewFlowTask => ({
  id,
  executor,
  config: {},
  input: id,
  dependsOn: [],
  needs: [],
  triggerRule: 'all_success',
  allowFailure: false,
  priority: 5,
  retry: { retries: 0, backoffMs: 0, maxBackoffMs: 0 },
  timeoutMs: null,
  holds: 0,
});

function warnsOf(type: string, warn: (input: unknown) => readonly Warning[]): Executor {
  return {
    type,
    check: () => [],
    warn: async ({ input }) => warn(input),
    run: async () => ({ kind: 'succeeded', output: null }),
  };
}

const executors = new Map<string, Executor>(
  [
    warnsOf('same', () => [{ path: 'config', message: 'looks odd' }]),
    warnsOf('own', (input) => [{ path: 'input', message: `is ${input}` }]),
    warnsOf('breaks', () => {
      throw new Error('broken');
    }),
  ].map((executor) => [executor.type, executor]),
);

const manyOf = (executor: string, count: number) =>
  Array.from({ length: count }, (_, index) => task(`t${index}`, executor));

test('warnings have their path from the flow down', async () => {
  const tasks = [task('a', 'none'), task('b', 'own')];
  expect(await flowWarnings({ tasks }, executors)).toEqual([
    { path: 'tasks[1].input', message: 'is b' },
  ]);
});

test('what many tasks have in common is told once', async () => {
  const tasks = [...manyOf('same', 1_000), task('z', 'own')];
  expect(await flowWarnings({ tasks }, executors)).toEqual([
    { path: 'tasks[0].config', message: 'looks odd (1000 times in this flow)' },
    { path: 'tasks[1000].input', message: 'is z' },
  ]);
});

test('of very many warnings the first ten are told', async () => {
  const told = await flowWarnings({ tasks: manyOf('own', 10_000) }, executors);
  expect(told).toHaveLength(11);
  expect(told.at(-1)?.message).toBe('there are further warnings; mend these first');
  expect(await flowWarnings({ tasks: manyOf('own', 10) }, executors)).toHaveLength(10);
});

test('an executor that cannot warn stops nothing', async () => {
  const tasks = [task('a', 'breaks'), task('b', 'own')];
  expect(await flowWarnings({ tasks }, executors)).toHaveLength(1);
});
