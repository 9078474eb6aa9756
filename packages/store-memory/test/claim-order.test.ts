import { CLAIM_TURN, type Claim, MAX_TICK, type NewFlow, type Store } from '@tasked/core';
import { newFlow, newQueue, newRunner, newTasks, succeeded } from '@tasked/store-testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '../src/index.ts';

let store: Store;

beforeEach(async () => {
  store = new MemoryStore();
  for (const name of ['default', 'other']) await store.ensureQueue(newQueue({ name }));
  await store.registerRunner(newRunner({ id: 'r' }));
});

describe('the flows of a lane', () => {
  it('have their turns in the order of creation, from the one after the last served', async () => {
    for (const id of ['f1', 'f2', 'f3']) await submit(id, 100);
    expect(turns(await claim(2 * CLAIM_TURN))).toEqual(['f1', 'f2']);
    expect(turns(await claim(3 * CLAIM_TURN))).toEqual(['f3', 'f1', 'f2']);
  });

  it('go round at every tick when a tick claims one task', async () => {
    for (const id of ['f1', 'f2', 'f3']) await submit(id, 100);
    const served: string[] = [];
    for (let tick = 0; tick < 7; tick++) served.push(...turns(await claim(1)));
    expect(served).toEqual(['f1', 'f2', 'f3', 'f1', 'f2', 'f3', 'f1']);
  });

  it('take in one that came meanwhile when its turn comes', async () => {
    for (const id of ['f1', 'f2']) await submit(id, 100);
    expect(turns(await claim(1))).toEqual(['f1']);
    await submit('f3', 100);
    expect(turns(await claim(3 * CLAIM_TURN))).toEqual(['f2', 'f3', 'f1']);
  });

  it('end their turn early when they run out of tasks of the lowest priority', async () => {
    await store.createFlow(
      flowOf('f1', { tasks: [...newTasks('a', 2), ...newTasks('b', 2, { priority: 1 })] }),
    );
    await submit('f2', 1);
    const claimed = await claim(10);
    expect(claimed.map(({ flowId, taskId }) => `${flowId} ${taskId}`)).toEqual([
      'f1 a0',
      'f1 a1',
      'f2 t0',
      'f1 b0',
      'f1 b1',
    ]);
  });
});

describe('lanes', () => {
  it('have their turns one after the other, also over ticks', async () => {
    await submit('f1', 100);
    await submit('f2', 100, { queue: 'other' });
    await store.createFlow(flowOf('f3', { tasks: newTasks('t', 100, { executor: 'shell' }) }));
    const claims = [await claim(CLAIM_TURN), await claim(3 * CLAIM_TURN), await claim(1)];
    expect(claims.map(turns)).toEqual([['f1'], ['f2', 'f3', 'f1'], ['f2']]);
  });

  it('that a runner cannot run are passed over', async () => {
    await submit('f1', 5);
    await submit('f2', 5, { queue: 'other' });
    expect(turns(await claim(5, { queues: ['other'] }))).toEqual(['f2']);
    expect(turns(await claim(5, { executors: ['shell'] }))).toEqual([]);
  });

  it('of a higher priority wait for those of a lower one, whoever is next', async () => {
    await submit('f1', 2 * CLAIM_TURN, {}, 1);
    await submit('f2', CLAIM_TURN + 1, { queue: 'other' }, 0);
    expect(turns(await claim(2 * CLAIM_TURN))).toEqual(['f2', 'f2', 'f1']);
  });
});

it('10,000 flows of one task are served in the order of creation', async () => {
  for (let flow = 0; flow < 10_000; flow++) await submit(`f${flow}`, 1);
  const served: string[] = [];
  for (let tick = 0; tick < 10; tick++) served.push(...turns(await claim(MAX_TICK)));
  expect(served).toEqual(Array.from({ length: 10_000 }, (_, flow) => `f${flow}`));
});

it('a task that is given back comes at its old place', async () => {
  await submit('f1', 4);
  const [first] = await claim(2);
  expect(first).toBeDefined();
  const attempt = first as NonNullable<typeof first>;
  const settle = [{ attempt, kind: 'released', spent: false } as const];
  await store.advance({ runnerId: 'r', now: 0, settle, claim: null });
  expect((await claim(9)).map(({ taskId }) => taskId)).toEqual(['t0', 't2', 't3']);
});

it('a slot that is freed in a tick is handed out in that tick', async () => {
  await store.ensureQueue(newQueue({ name: 'narrow', concurrency: 1 }));
  await submit('f1', 2, { queue: 'narrow' });
  const [held] = await claim(9);
  const settle = held === undefined ? [] : [succeeded(held)];
  const result = await store.advance({ runnerId: 'r', now: 0, settle, claim: wanted(9) });
  expect(result).toMatchObject({ claimed: [{ ref: { taskId: 't1' } }], more: false });
});

function wanted(limit: number, fields: Partial<Claim> = {}): Claim {
  return { limit, executors: ['noop', 'shell'], ...fields };
}

async function claim(limit: number, fields: Partial<Claim> = {}) {
  const tick = { runnerId: 'r', now: 0, settle: [], claim: wanted(limit, fields) };
  const result = await store.advance(tick);
  return result.runner === 'ok' ? result.claimed.map(({ ref }) => ref) : [];
}

function flowOf(id: string, fields: Partial<NewFlow>): NewFlow {
  return newFlow({ id, ...fields });
}

async function submit(id: string, tasks: number, fields: Partial<NewFlow> = {}, priority = 0) {
  await store.createFlow(flowOf(id, { tasks: newTasks('t', tasks, { priority }), ...fields }));
}

/** Whose turns they were. */
function turns(claimed: readonly { readonly flowId: string }[]): readonly string[] {
  const flows: string[] = [];
  let run = 0;
  for (const [index, { flowId }] of claimed.entries()) {
    run = claimed[index - 1]?.flowId === flowId && run < CLAIM_TURN ? run + 1 : 1;
    if (run === 1) flows.push(flowId);
  }
  return flows;
}
