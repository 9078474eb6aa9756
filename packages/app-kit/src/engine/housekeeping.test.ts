import { type Owner, Tasks } from '@tasked/core';
import { MemoryLogStore, MemoryStore } from '@tasked/store-memory';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Housekeeping } from './housekeeping.ts';

const owner: Owner = '["ann",null]';
const HOUR_MS = 3_600_000;
const logger = { debug() {}, info() {}, warn() {}, error() {} };

it('removes tasks that are over, and leaves the others', async () => {
  const [store, logs] = [new MemoryStore(), new MemoryLogStore()];
  const tasks = new Tasks(store, { clock: { now: () => 0 } });
  const create = (ttlMs: number) => tasks.create(owner, { method: 'tools/call', ttlMs });
  const [over, kept, living] = [await create(0), await create(2 * HOUR_MS), await create(0)];
  for (const { id } of [over, kept]) await tasks.complete(owner, id, {});

  const clock = { now: () => HOUR_MS, schedule: () => () => {} };
  const housekeeping = new Housekeeping({ store, logs, clock, retentionMs: 0, logger });
  onTestFinished(() => housekeeping.stop());

  await vi.waitFor(async () => expect(await store.getTask(over.id, owner)).toBeNull());
  expect(await store.getTask(kept.id, owner)).not.toBeNull();
  expect(await store.getTask(living.id, owner)).not.toBeNull();
});
