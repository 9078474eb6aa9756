import { MemoryStore } from '@tasked/store-memory';
import { newFlow, newTask } from '@tasked/store-testkit';
import { expect, it } from 'vitest';
import { flowAsCreated } from './flow-as-created.ts';

it.each([
  ['no tasks', []],
  [
    'ready, blocked and held ones',
    [newTask('a'), newTask('b', { dependsOn: ['a'] }), newTask('c', { holds: 1 })],
  ],
])('a flow of %s is what the store has', async (_, tasks) => {
  const store = new MemoryStore();
  const flow = newFlow({ tasks, owner: 'alice', failFast: true, ttlMs: 5_000 });
  await store.ensureQueue({
    name: flow.queue,
    concurrency: null,
    defaults: { retries: 0, timeoutMs: null },
  });
  await store.createFlow(flow);
  expect(flowAsCreated(flow)).toEqual(await store.getFlow(flow.id, 'alice'));
});
