import type { PlannedTask, Warning } from '@tasked/core';
import { expect, test } from 'vitest';
import { Engine, task } from './engine.ts';

/** Warns of tasks without a time limit. */
function warningEngine(): Engine {
  const engine = new Engine();
  Object.assign(engine.executor, {
    warn: async ({ timeoutMs }: PlannedTask): Promise<readonly Warning[]> =>
      timeoutMs === null ? [{ path: 'timeout_secs', message: 'no limit' }] : [],
  });
  return engine;
}

const unlimited = { path: 'tasks[0].timeout_secs', message: 'no limit' };

test('a submit tells what its executors warn of', async () => {
  const { flows } = warningEngine();
  const { warnings } = await flows.submit({ tasks: [task('a', { timeout_secs: 0 })] }, '');
  expect(warnings).toEqual([unlimited]);
  expect((await flows.submit({ tasks: [task('a')] }, '')).warnings).toEqual([]);
});

test('validating tells what a submit would tell, and creates nothing', async () => {
  const { flows, store } = warningEngine();
  const spec = { queue: 'new', tasks: [task('a', { timeout_secs: 0 }), task('b')] };
  for (const validate_only of [true, false]) {
    expect(await flows.validate({ ...spec, validate_only }, '')).toEqual({
      queue: 'new',
      taskCount: 2,
      warnings: [unlimited],
    });
  }
  expect(await flows.list({ owner: '', limit: 10 })).toEqual([]);
  expect(await store.getQueue('new')).toBeNull();
});

test('validating goes by the defaults of the queue as it is', async () => {
  const { flows } = warningEngine();
  const tasks = [task('a')];
  await flows.submit({ queue: 'slow', queue_config: { timeout_secs: 0 }, tasks }, '');
  expect((await flows.validate({ queue: 'slow', tasks }, '')).warnings).toEqual([unlimited]);
  const queue_config = { timeout_secs: 5 };
  expect((await flows.validate({ queue: 'slow', queue_config, tasks }, '')).warnings).toEqual([
    unlimited,
  ]);
  expect((await flows.validate({ queue: 'new', queue_config, tasks }, '')).warnings).toEqual([]);
});

test('validating throws the faults of a submit', async () => {
  const { flows } = new Engine();
  const spec = { tasks: [task('a', { depends_on: ['b'] }), { id: 'c', executr: 'script' }] };
  const failure = await flows.submit(spec, '').catch((error: unknown) => error);
  await expect(flows.validate(spec, '')).rejects.toEqual(failure);
  await expect(flows.validate({ ...spec, validate_only: 'yes' }, '')).rejects.toMatchObject({
    details: {
      faults: expect.arrayContaining([expect.objectContaining({ path: 'validate_only' })]),
    },
  });
});

test('a flow that is only to be validated is not submitted', async () => {
  const { flows } = new Engine();
  const spec = { tasks: [task('a')], validate_only: true };
  await expect(flows.submit(spec, '')).rejects.toMatchObject({ code: 'invalid_input' });
  expect(await flows.list({ owner: '', limit: 10 })).toEqual([]);
});

test('an idempotency key stands for the flow, however it was validated', async () => {
  const { flows } = new Engine();
  const spec = { tasks: [task('a')], idempotency_key: 'once' };
  const first = await flows.submit(spec, '');
  const again = await flows.submit({ ...spec, validate_only: false }, '');
  expect(again).toMatchObject({ created: false, flow: { id: first.flow.id } });
});
