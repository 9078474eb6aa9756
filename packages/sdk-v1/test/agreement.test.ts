import {
  InMemoryTaskStore,
  type TaskStore as SdkTaskStore,
} from '@modelcontextprotocol/sdk/experimental/tasks';
import type { Task } from '@modelcontextprotocol/sdk/types.js';
import { MemoryTaskStore } from '@tasked/store-memory';
import { describe, expect, it } from 'vitest';
import { createTaskStore } from '../src/index.ts';

const REQUEST = { method: 'tools/call', params: { name: 'count', arguments: { to: 3 } } };

const RESULT = { content: [{ type: 'text', text: 'three' }], _meta: { kept: [1, null] } };

const ENDS = {
  completed: (store, id) => store.storeTaskResult(id, 'completed', RESULT),
  failed: (store, id) => store.storeTaskResult(id, 'failed', RESULT),
  cancelled: (store, id) => store.updateTaskStatus(id, 'cancelled'),
} satisfies Record<string, (store: SdkTaskStore, id: string) => Promise<void>>;

const create = (store: SdkTaskStore): Promise<Task> =>
  store.createTask({ ttl: 60_000 }, 1, REQUEST);

describe.each([
  ["the SDK's own store", () => new InMemoryTaskStore()],
  ['ours', () => createTaskStore(new MemoryTaskStore(), { principal: 'ann' })],
])('what the SDK relies on holds of %s', (_name, open: () => SdkTaskStore) => {
  it('a new task works, and has the time to live and the interval that were wanted', async () => {
    const store = open();
    const task = await store.createTask({ ttl: 60_000, pollInterval: 250 }, 'a', REQUEST);
    expect(task).toMatchObject({ status: 'working', ttl: 60_000, pollInterval: 250 });
    expect(task.lastUpdatedAt).toBe(task.createdAt);
    expect(new Date(task.createdAt).toISOString()).toBe(task.createdAt);
    expect(await store.getTask(task.taskId)).toEqual(task);
  });

  it('ids are unguessable and never the same', async () => {
    const store = open();
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => (await create(store)).taskId),
    );
    expect(new Set(ids).size).toBe(20);
    for (const id of ids) expect(id.length).toBeGreaterThanOrEqual(22);
  });

  it('a task that there is not is null, and changing it throws', async () => {
    const store = open();
    expect(await store.getTask('none')).toBeNull();
    await expect(store.getTaskResult('none')).rejects.toThrow();
    await expect(store.storeTaskResult('none', 'completed', RESULT)).rejects.toThrow();
    await expect(store.updateTaskStatus('none', 'working')).rejects.toThrow();
  });

  it('has no result before its end', async () => {
    const store = open();
    const { taskId } = await create(store);
    await expect(store.getTaskResult(taskId)).rejects.toThrow();
  });

  it.each(['completed', 'failed'] as const)(
    'a result comes back as it was, of a task that %s',
    async (status) => {
      const store = open();
      const { taskId } = await create(store);
      await store.storeTaskResult(taskId, status, RESULT);
      expect(await store.getTask(taskId)).toMatchObject({ status });
      expect(await store.getTaskResult(taskId)).toEqual(RESULT);
    },
  );

  it.each(Object.keys(ENDS) as (keyof typeof ENDS)[])(
    'a task that is %s changes no more',
    async (end) => {
      const store = open();
      const { taskId } = await create(store);
      await ENDS[end](store, taskId);
      const before = await store.getTask(taskId);
      for (const change of Object.values(ENDS))
        await expect(change(store, taskId)).rejects.toThrow();
      await expect(store.updateTaskStatus(taskId, 'working', 'again')).rejects.toThrow();
      expect(await store.getTask(taskId)).toEqual(before);
    },
  );

  it('says what it was told last, wherever it goes', async () => {
    const store = open();
    const { taskId } = await create(store);
    await store.updateTaskStatus(taskId, 'working', 'one of three');
    await store.updateTaskStatus(taskId, 'working');
    expect(await store.getTask(taskId)).toMatchObject({ statusMessage: 'one of three' });
    await store.updateTaskStatus(taskId, 'input_required', 'please answer');
    await store.updateTaskStatus(taskId, 'working');
    const task = await store.getTask(taskId);
    expect(task).toMatchObject({ status: 'working', statusMessage: 'please answer' });
  });

  it('a task fails with the reason that was given', async () => {
    const store = open();
    const { taskId } = await create(store);
    await store.updateTaskStatus(taskId, 'failed', 'the disk is full');
    const task = await store.getTask(taskId);
    expect(task).toMatchObject({ status: 'failed', statusMessage: 'the disk is full' });
    await expect(store.getTaskResult(taskId)).rejects.toThrow();
  });

  it('lists every task once, by pages', async () => {
    const store = open();
    const ids = await Promise.all(
      Array.from({ length: 101 }, async () => (await create(store)).taskId),
    );
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.listTasks(cursor);
      listed.push(...page.tasks.map(({ taskId }) => taskId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(listed.toSorted()).toEqual(ids.toSorted());
    await expect(store.listTasks('nonsense')).rejects.toThrow();
  });
});
