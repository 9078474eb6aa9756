import type { FlowId, FlowTask, NewFlow } from '@tasked/core';
import { override, type PlantedBug } from './planted-bug.ts';

/** Bugs in what is forgotten, and when. */
export const pruningBugs: readonly PlantedBug[] = [
  {
    name: 'forgets a flow as soon as it has ended',
    caughtBy: ['prune.retention', 'prune.whole'],
    plant: (store) =>
      override(store, { pruneFlows: (prune) => store.pruneFlows({ ...prune, retentionMs: 0 }) }),
  },
  {
    name: 'forgets a flow one millisecond late',
    caughtBy: ['prune.retention', 'prune.ttl'],
    plant: (store) =>
      override(store, {
        pruneFlows: (prune) => store.pruneFlows({ ...prune, now: prune.now - 1 }),
      }),
  },
  {
    name: 'knows no ttl',
    caughtBy: ['prune.ttl'],
    plant: (store) =>
      override(store, { createFlow: (flow) => store.createFlow({ ...flow, ttlMs: null }) }),
  },
  {
    name: 'takes the ttl for the retention of a flow that has one',
    caughtBy: ['prune.ttl'],
    plant: (store) =>
      override(store, {
        async pruneFlows(prune) {
          const flows = await store.listFlows({ owner: '', limit: 1_000 });
          const short = flows.some(({ ttlMs }) => ttlMs !== null && ttlMs < prune.retentionMs);
          return store.pruneFlows(short ? { ...prune, retentionMs: 1_000 } : prune);
        },
        createFlow: (flow) => store.createFlow({ ...flow, ttlMs: flow.ttlMs && 1_000 }),
      }),
  },
  {
    name: 'ends what is old, and forgets it',
    caughtBy: ['prune.live'],
    plant: (store) =>
      override(store, {
        async pruneFlows(prune) {
          const { now } = prune;
          for (const { id, owner } of await store.listFlows({ owner: '', limit: 1_000 })) {
            await store.cancelFlow({ flowId: id, owner, now });
          }
          return store.pruneFlows(prune);
        },
      }),
  },
  {
    name: 'frees the slots of what it is to forget, and forgets it',
    caughtBy: ['prune.slots'],
    plant: (store) =>
      override(store, {
        async pruneFlows(prune) {
          for (const { id } of await store.listRunners()) {
            const tick = { runnerId: id, now: prune.now, claim: null };
            const idle = await store.advance({ ...tick, settle: [] });
            const stop = idle.runner === 'ok' ? idle.stop : [];
            const settle = stop.map((attempt) => ({ attempt, kind: 'stopped' as const }));
            await store.advance({ ...tick, settle });
          }
          return store.pruneFlows(prune);
        },
      }),
  },
  {
    name: 'forgets all that it can at once, whatever the limit',
    caughtBy: ['prune.limit'],
    plant: (store) =>
      override(store, { pruneFlows: (prune) => store.pruneFlows({ ...prune, limit: 1_000 }) }),
  },
  {
    name: 'says that there is no more to forget',
    caughtBy: ['prune.limit', 'prune.racers'],
    plant: (store) =>
      override(store, {
        pruneFlows: async (prune) => ({ ...(await store.pruneFlows(prune)), more: false }),
      }),
  },
  {
    name: 'does not say what it forgot',
    caughtBy: ['prune.retention', 'prune.ttl', 'prune.keys'],
    plant: (store) =>
      override(store, {
        pruneFlows: async (prune) => ({ ...(await store.pruneFlows(prune)), flowIds: [] }),
      }),
  },
  {
    name: 'leaves the tasks of a flow that it forgot where they can be found',
    caughtBy: ['prune.whole', 'prune.large', 'prune.racers'],
    plant(store) {
      const left = new Map<FlowId, readonly FlowTask[]>();
      return override(store, {
        async pruneFlows(prune) {
          for (const { id } of await store.listFlows({ owner: '', limit: 1_000 })) {
            left.set(id, await store.listFlowTasks({ flowId: id, limit: 5_000 }));
          }
          return store.pruneFlows(prune);
        },
        async listFlowTasks(query) {
          const tasks = await store.listFlowTasks(query);
          return tasks.length > 0 ? tasks : (left.get(query.flowId) ?? []);
        },
      });
    },
  },
  {
    name: 'never gives an id or a key away again',
    caughtBy: ['prune.keys'],
    plant(store) {
      const used = new Map<string, NewFlow>();
      return override(store, {
        async createFlow(flow) {
          const first = used.get(flow.idempotency?.key ?? flow.id) ?? flow;
          used.set(flow.idempotency?.key ?? flow.id, first);
          return first === flow ? store.createFlow(flow) : { kind: 'conflict', flowId: first.id };
        },
      });
    },
  },
];
