import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import { Tasks } from '@tasked/core';
import { MemoryTaskStore } from '@tasked/store-memory';
import { FakeClock } from '@tasked/store-testkit';
import { describe, expect, it } from 'vitest';
import { createTaskStore, type DurableTaskStore } from '../src/index.ts';

const REQUEST = { method: 'tools/call', params: { name: 'count', arguments: { to: 3 } } };

const HOUR = 3_600_000;

function aStore(data = new MemoryTaskStore(), principal: string | null = 'ann') {
  const clock = new FakeClock();
  return { clock, data, store: createTaskStore(data, { principal, clock }) };
}

async function started(store: DurableTaskStore): Promise<string> {
  return (await store.createTask({}, 1, REQUEST)).taskId;
}

describe('tasks of the SDK', () => {
  it('are kept with their request, for whoever else reads the store', async () => {
    const { data, store } = aStore();
    const { taskId } = await store.createTask({ context: { trace: 'x' } }, 1, REQUEST);
    const task = await new Tasks(data).get('["ann",null]', taskId);
    expect(task).toMatchObject({ method: 'tools/call', toolName: 'count', arguments: { to: 3 } });
    expect(task.metadata).toMatchObject({ context: { trace: 'x' } });
  });

  it('belong to the principal, whatever the session', async () => {
    const { data, store } = aStore();
    const taskId = await started(store);
    const other = createTaskStore(data, { principal: 'bob' });
    const tenant = createTaskStore(data, { principal: 'ann', tenant: 'acme' });
    for (const stranger of [other, tenant]) {
      expect(await stranger.getTask(taskId)).toBeNull();
      expect((await stranger.listTasks()).tasks).toEqual([]);
      await expect(stranger.updateTaskStatus(taskId, 'cancelled')).rejects.toThrow(
        'there is no task',
      );
    }
    const again = createTaskStore(data, { principal: 'ann' });
    expect(await again.getTask(taskId)).toMatchObject({ taskId, status: 'working' });
  });

  it('live from their creation, not from their end, and an hour after that at the least', async () => {
    const { clock, store } = aStore();
    const { taskId } = await store.createTask({ ttl: 3 * HOUR }, 1, REQUEST);
    await clock.advance(2 * HOUR);
    await store.storeTaskResult(taskId, 'completed', {});
    await clock.advance(HOUR - 1);
    expect(await store.getTask(taskId)).not.toBeNull();
    await clock.advance(1);
    expect(await store.getTask(taskId)).toBeNull();
  });

  it('tell the time to live that they have: a day if nobody wants one, thirty for ever', async () => {
    const { store } = aStore();
    expect(await store.createTask({}, 1, REQUEST)).toMatchObject({ ttl: 24 * HOUR });
    expect(await store.createTask({ ttl: null }, 1, REQUEST)).toMatchObject({ ttl: 720 * HOUR });
    const wrong = store.createTask({ ttl: -1 }, 1, REQUEST);
    await expect(wrong).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
  });

  it('fail by a result that is an error, whose first text is the reason', async () => {
    const { store } = aStore();
    const result = { content: [{ type: 'text', text: 'no such table' }], isError: true };
    for (const status of ['completed', 'failed'] as const) {
      const taskId = await started(store);
      await store.storeTaskResult(taskId, status, result);
      const task = await store.getTask(taskId);
      expect(task).toMatchObject({ status: 'failed', statusMessage: 'no such table' });
      expect(await store.getTaskResult(taskId)).toEqual(result);
    }
  });

  it('throw what they failed with, and that they were cancelled, as errors of JSON-RPC', async () => {
    const { store } = aStore();
    const failed = await started(store);
    await store.updateTaskStatus(failed, 'failed', 'the disk is full');
    const thrown = {
      code: ErrorCode.InternalError,
      message: expect.stringContaining('the disk is full'),
    };
    await expect(store.getTaskResult(failed)).rejects.toMatchObject(thrown);
    const cancelled = await started(store);
    await store.updateTaskStatus(cancelled, 'cancelled');
    await expect(store.getTaskResult(cancelled)).rejects.toThrow('was cancelled');
    await expect(store.getTaskResult('none')).rejects.toMatchObject({
      code: ErrorCode.InvalidParams,
    });
  });

  it('complete by a result alone', async () => {
    const { store } = aStore();
    const taskId = await started(store);
    await expect(store.updateTaskStatus(taskId, 'completed')).rejects.toThrow('store a result');
  });

  it('fail when their result cannot be stored, and whoever stores it hears why', async () => {
    const { store } = aStore();
    const flaws = [
      [{ content: [{ type: 'text', text: 'x'.repeat(5_000_000) }] }, 'return a shorter result'],
      [{ large: 10n }, 'is not a JSON value'],
    ] as const;
    for (const [result, reason] of flaws) {
      const taskId = await started(store);
      const storing = store.storeTaskResult(taskId, 'completed', result as never);
      await expect(storing).rejects.toThrow(reason);
      const task = await store.getTask(taskId);
      expect(task).toMatchObject({
        status: 'failed',
        statusMessage: expect.stringContaining(reason),
      });
    }
  });

  it('end once, whoever ends them at the same moment', async () => {
    const { store } = aStore();
    const taskId = await started(store);
    const ends = await Promise.allSettled([
      store.storeTaskResult(taskId, 'completed', { n: 1 }),
      store.updateTaskStatus(taskId, 'cancelled'),
      store.storeTaskResult(taskId, 'failed', { n: 2 }),
    ]);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('the signal of a task', () => {
  it('aborts with its cancellation, and the late result is refused', async () => {
    const { store } = aStore();
    const taskId = await started(store);
    const signal = store.signalOf(taskId);
    expect(signal.aborted).toBe(false);
    await store.updateTaskStatus(taskId, 'cancelled', 'enough');
    expect(signal.reason).toMatchObject({ message: 'enough' });
    const late = store.storeTaskResult(taskId, 'completed', {});
    await expect(late).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
    expect(await store.getTask(taskId)).toMatchObject({ status: 'cancelled' });
  });

  it('stays silent when the result ends it, and has aborted for whoever asks later', async () => {
    const { store } = aStore();
    const taskId = await started(store);
    const signal = store.signalOf(taskId);
    await store.storeTaskResult(taskId, 'completed', {});
    expect(signal.aborted).toBe(false);
    expect(store.signalOf(taskId).aborted).toBe(true);
    expect(store.signalOf('none').aborted).toBe(true);
  });

  it('aborts at the next heartbeat when another process cancels', async () => {
    const { clock, data, store } = aStore();
    const taskId = await started(store);
    const signal = store.signalOf(taskId);
    await createTaskStore(data, { principal: 'ann' }).updateTaskStatus(taskId, 'cancelled');
    expect(signal.aborted).toBe(false);
    await clock.advance(1_000);
    expect(signal.aborted).toBe(true);
  });
});
