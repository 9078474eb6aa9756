import { TaskedError } from '@tasked/core';
import { MemoryStore } from '@tasked/store-memory';
import { expect, it, vi } from 'vitest';
import { KnownQueues } from './known-queues.ts';

const ours = { name: 'ours', concurrency: null, defaults: { retries: 2, timeoutMs: 1_000 } };

it('a queue is made once, and its defaults are those of whoever made it', async () => {
  const store = new MemoryStore();
  await store.ensureQueue({ ...ours, defaults: { retries: 7, timeoutMs: null } });
  const ensure = vi.spyOn(store, 'ensureQueue');
  const queues = new KnownQueues(store);
  for (let submit = 0; submit < 3; submit++) {
    const defaults = await queues.with(ours, (found) => Promise.resolve(found));
    expect(defaults).toEqual({ retries: 7, timeoutMs: null });
  }
  expect(ensure).toHaveBeenCalledTimes(1);
});

it('a queue that the store has lost is made anew', async () => {
  const store = new MemoryStore();
  const queues = new KnownQueues(store);
  await queues.with(ours, () => Promise.resolve());
  const ensure = vi.spyOn(store, 'ensureQueue');
  const create = vi
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(new TaskedError('not_found', 'there is no queue ours'))
    .mockResolvedValueOnce('created');
  expect(await queues.with(ours, create)).toBe('created');
  expect(ensure).toHaveBeenCalledTimes(1);
});

it('what else goes wrong is told', async () => {
  const queues = new KnownQueues(new MemoryStore());
  const failing = () => Promise.reject(new TaskedError('unavailable', 'down'));
  await expect(queues.with(ours, failing)).rejects.toMatchObject({ code: 'unavailable' });
  await queues.with(ours, () => Promise.resolve());
  await expect(queues.with(ours, failing)).rejects.toMatchObject({ code: 'unavailable' });
});
