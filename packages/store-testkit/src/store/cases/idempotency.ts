import { expect } from 'vitest';
import { newFlow } from '../../builders/new-flow.ts';
import { newTask } from '../../builders/new-task.ts';
import type { StoreCase } from '../store-case.ts';

/** A submit that is sent twice creates one flow. */
export const idempotencyCases: readonly StoreCase[] = [
  {
    id: 'idempotency.existing',
    title: 'the same key with the same hash is the flow that has it',
    async run(at) {
      const idempotency = { key: 'k', specHash: 'h' };
      const flowId = await at.submit([newTask('a')], { idempotency });
      const again = newFlow({ idempotency, tasks: [newTask('b')] });
      expect(await at.store.createFlow(again)).toEqual({ kind: 'existing', flowId });
      expect(await at.store.getFlow(again.id, '')).toBeNull();
      expect(await at.states(flowId)).toEqual({ a: 'ready' });
    },
  },
  {
    id: 'idempotency.conflict',
    title: 'the same key with another hash is a conflict and creates nothing',
    async run(at) {
      const flowId = await at.submit([newTask('a')], { idempotency: { key: 'k', specHash: 'h' } });
      const other = newFlow({ idempotency: { key: 'k', specHash: 'other' } });
      expect(await at.store.createFlow(other)).toEqual({ kind: 'conflict', flowId });
      expect(await at.store.getFlow(other.id, '')).toBeNull();
      expect(await at.store.listFlows({ owner: '', limit: 10 })).toHaveLength(1);
    },
  },
  {
    id: 'idempotency.per-owner',
    title: 'owners do not see each other’s keys',
    async run(at) {
      const idempotency = { key: 'k', specHash: 'h' };
      await at.submit([newTask('a')], { owner: 'ann', idempotency });
      const bobs = newFlow({ owner: 'bob', idempotency });
      const nobodys = newFlow({ owner: '', idempotency: { key: 'k', specHash: 'other' } });
      expect(await at.store.createFlow(bobs)).toEqual({ kind: 'created', flowId: bobs.id });
      expect(await at.store.createFlow(nobodys)).toEqual({ kind: 'created', flowId: nobodys.id });
    },
  },
  {
    id: 'idempotency.outlives-the-flow',
    title: 'a key stays taken when its flow has ended',
    async run(at) {
      const idempotency = { key: 'k', specHash: 'h' };
      const flowId = await at.submit([newTask('a')], { idempotency });
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      const again = newFlow({ idempotency });
      expect(await at.store.createFlow(again)).toEqual({ kind: 'existing', flowId });
    },
  },
  {
    id: 'idempotency.no-key',
    title: 'flows without a key are never taken for one another',
    async run(at) {
      const one = await at.submit([newTask('a')]);
      const other = await at.submit([newTask('a')]);
      expect(other).not.toBe(one);
      expect(await at.store.listFlows({ owner: '', limit: 10 })).toHaveLength(2);
    },
  },
  {
    id: 'idempotency.race',
    title: 'of many submits of one key at once, one creates and all name its flow',
    async run(at) {
      await at.queue('default');
      const idempotency = { key: 'k', specHash: 'h' };
      const results = await Promise.all(
        Array.from({ length: 25 }, () => at.store.createFlow(newFlow({ idempotency }))),
      );
      expect(results.filter(({ kind }) => kind === 'created')).toHaveLength(1);
      expect(new Set(results.map(({ flowId }) => flowId)).size).toBe(1);
      expect(results.some(({ kind }) => kind === 'conflict')).toBe(false);
      expect(await at.store.listFlows({ owner: '', limit: 100 })).toHaveLength(1);
    },
  },
  {
    id: 'idempotency.held-since',
    title:
      'a flow from before `heldSince` gives its key up to a new one, one from then on keeps it',
    async run(at) {
      const idempotency = { key: 'k', specHash: 'h', heldSince: at.now };
      const first = await at.submit([newTask('a')], { createdAt: at.now, idempotency });
      const again = newFlow({ createdAt: at.now + 5, idempotency });
      expect(await at.store.createFlow(again)).toEqual({ kind: 'existing', flowId: first });
      const later = { ...idempotency, heldSince: at.now + 1 };
      const next = newFlow({ createdAt: at.now + 5, idempotency: later });
      expect(await at.store.createFlow(next)).toEqual({ kind: 'created', flowId: next.id });
      const afterwards = newFlow({ createdAt: at.now + 5, idempotency: later });
      const taken = { kind: 'existing', flowId: next.id };
      expect(await at.store.createFlow(afterwards)).toEqual(taken);
      expect(await at.states(first)).toEqual({ a: 'ready' });
    },
  },
  {
    id: 'idempotency.held-by-success',
    title:
      'with `heldSince`, a flow that was cancelled holds no key; that it is forgotten later frees none',
    async run(at) {
      const idempotency = { key: 'k', specHash: 'h', heldSince: 0 };
      const flowId = await at.submit([newTask('a')], { idempotency });
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      const again = newFlow({ idempotency });
      expect(await at.store.createFlow(again)).toEqual({ kind: 'created', flowId: again.id });
      const forgetting = { now: at.now + 1, retentionMs: 0, limit: 10 };
      expect((await at.store.pruneFlows(forgetting)).flowIds).toEqual([flowId]);
      const forEver = newFlow({ idempotency: { key: 'k', specHash: 'h' } });
      expect(await at.store.createFlow(forEver)).toEqual({ kind: 'existing', flowId: again.id });
    },
  },
  {
    id: 'idempotency.given-up-once',
    title: 'of many that want a key which is given up, one gets it and all name its flow',
    async run(at) {
      const idempotency = { key: 'k', specHash: 'h', heldSince: at.now + 1 };
      const used = { key: 'k', specHash: 'h' };
      const old = await at.submit([newTask('a')], { createdAt: at.now, idempotency: used });
      const results = await Promise.all(
        Array.from({ length: 25 }, () =>
          at.store.createFlow(newFlow({ createdAt: at.now + 5, idempotency })),
        ),
      );
      expect(results.filter(({ kind }) => kind === 'created')).toHaveLength(1);
      const named = new Set(results.map(({ flowId }) => flowId));
      expect(named.size).toBe(1);
      expect(named).not.toContain(old);
    },
  },
];
