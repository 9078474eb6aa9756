import { newFlow, newQueue, newRunner, newTask, succeeded } from '@tasked/store-testkit';
import { beforeEach, expect, it } from 'vitest';
import { MemoryStore } from '../src/index.ts';

const ref = { flowId: 'f', taskId: 'a' };
let store: MemoryStore;

beforeEach(async () => {
  store = new MemoryStore();
  await store.ensureQueue(newQueue());
  await store.registerRunner(newRunner({ id: 'r' }));
});

it('what the caller changes after a call is not what is stored', async () => {
  const needs: string[] = [];
  const retry = { retries: 1, backoffMs: 2, maxBackoffMs: 3 };
  const config = { deep: { list: [1] } };
  await store.createFlow(newFlow({ id: 'f', tasks: [newTask('a', { config, needs, retry })] }));
  config.deep.list.push(2);
  needs.push('x');
  retry.retries = 9;
  const claimed = await claimOne();
  expect(claimed).toMatchObject({
    config: { deep: { list: [1] } },
    needs: [],
    retry: { retries: 1, backoffMs: 2, maxBackoffMs: 3 },
  });
});

it('an output is stored as it was when it was settled', async () => {
  await store.createFlow(newFlow({ id: 'f', tasks: [newTask('a')] }));
  const output = { list: [1] };
  const settle = [succeeded((await claimOne()).ref, output)];
  const settling = store.advance({ runnerId: 'r', now: 0, settle, claim: null });
  output.list.push(2);
  await settling;
  const read = () => store.readOutputs([ref], 100);
  expect(await read()).toEqual([{ kind: 'output', value: { list: [1] } }]);
  const [first] = await read();
  if (first?.kind === 'output') Object.assign(first.value as object, { list: 'gone' });
  expect(await read()).toEqual([{ kind: 'output', value: { list: [1] } }]);
});

it('records that were handed out do not follow what happens later', async () => {
  await store.createFlow(newFlow({ id: 'f', tasks: [newTask('a')] }));
  const flow = await store.getFlow('f', '');
  const task = await store.getFlowTask(ref);
  const queue = await store.getQueue('default');
  const attempts = await store.listAttempts(ref);
  await claimOne();
  expect(flow).toMatchObject({ rev: 1, counts: { ready: 1, running: 0 } });
  expect(task).toMatchObject({ state: 'ready', fence: 0 });
  expect(queue).toMatchObject({ running: 0 });
  expect(attempts).toEqual([]);
});

it('records that were handed out are the caller’s: changing them changes nothing inside', async () => {
  await store.createFlow(newFlow({ id: 'f', tasks: [newTask('a')] }));
  await claimOne();
  const flow = await store.getFlow('f', '');
  Object.assign(flow?.counts ?? {}, { running: 99 });
  const attempts = await store.listAttempts(ref);
  (attempts as unknown[]).length = 0;
  expect((await store.getFlow('f', ''))?.counts.running).toBe(1);
  expect(await store.listAttempts(ref)).toHaveLength(1);
});

async function claimOne() {
  const claim = { limit: 1, executors: ['noop'] };
  const result = await store.advance({ runnerId: 'r', now: 0, settle: [], claim });
  if (result.runner === 'lost' || result.claimed[0] === undefined) expect.fail('nothing to claim');
  return result.claimed[0];
}
