import type { NewFlow, NewFlowTask, Store } from '@tasked/core';
import { override, type PlantedBug } from './planted-bug.ts';

/** Bugs in what is stored of a flow. */
export const creatingBugs: readonly PlantedBug[] = [
  {
    name: 'leaves half a flow behind when its tasks cannot be stored',
    caughtBy: ['create-flow.atomic'],
    plant: (store) =>
      override(store, {
        async createFlow(flow) {
          try {
            return await store.createFlow(flow);
          } catch (error) {
            await store.createFlow({ ...flow, tasks: [] }).catch(() => null);
            throw error;
          }
        },
      }),
  },
  {
    name: 'takes an id that is in use for the flow that has it, and says it created it',
    caughtBy: ['create-flow.id-taken'],
    plant: (store) =>
      override(store, {
        async createFlow(flow) {
          const result = await store.createFlow(flow);
          return result.flowId === flow.id ? { ...result, kind: 'created' } : result;
        },
      }),
  },
  {
    name: 'compares idempotency keys without their owners',
    caughtBy: ['idempotency.per-owner'],
    plant(store) {
      const used = new Map<string, string>();
      return override(store, {
        async createFlow(flow) {
          const { key } = flow.idempotency ?? { key: null };
          const flowId = key === null ? undefined : used.get(key);
          if (flowId !== undefined) return { kind: 'existing', flowId };
          if (key !== null) used.set(key, flow.id);
          return store.createFlow(flow);
        },
      });
    },
  },
  {
    name: 'looks at the key only, never at the hash',
    caughtBy: ['idempotency.conflict'],
    plant: (store) =>
      override(store, {
        async createFlow(flow) {
          const result = await store.createFlow(flow);
          return result.kind === 'conflict' ? { ...result, kind: 'existing' } : result;
        },
      }),
  },
  {
    name: 'frees an idempotency key when its flow was cancelled',
    caughtBy: ['idempotency.outlives-the-flow'],
    plant(store) {
      let cancelled = false;
      return override(store, {
        async cancelFlow(cancel) {
          cancelled = true;
          return store.cancelFlow(cancel);
        },
        createFlow: (flow) => store.createFlow(cancelled ? { ...flow, idempotency: null } : flow),
      });
    },
  },
  {
    name: 'never gives a key up',
    caughtBy: ['idempotency.held-since'],
    plant: (store) =>
      override(store, {
        createFlow: (flow) => store.createFlow(withoutHeldSince(flow)),
      }),
  },
  {
    name: 'gives a key up by age alone, whatever became of its flow',
    caughtBy: ['idempotency.held-by-success'],
    plant(store) {
      const createdAt = new Map<string, number>();
      return override(store, {
        async createFlow(flow) {
          const { key, heldSince = 0 } = flow.idempotency ?? { key: flow.id };
          const isOld = (createdAt.get(key) ?? Infinity) < heldSince;
          const result = await store.createFlow(isOld ? flow : withoutHeldSince(flow));
          if (result.kind === 'created') createdAt.set(key, flow.createdAt);
          return result;
        },
      });
    },
  },
  {
    name: 'looks at a key and takes it away in two steps',
    caughtBy: ['idempotency.given-up-once'],
    plant: (store) =>
      override(store, {
        async createFlow(flow) {
          if (flow.idempotency?.heldSince === undefined) return store.createFlow(flow);
          const first = await store.createFlow(flow);
          return first.kind === 'created' ? first : { kind: 'created', flowId: flow.id };
        },
      }),
  },
  {
    name: 'checks for the key before it waits, and creates afterwards',
    caughtBy: ['idempotency.race'],
    plant(store) {
      const used = new Map<string, string>();
      return override(store, {
        async createFlow(flow) {
          const key = flow.idempotency?.key ?? flow.id;
          const flowId = used.get(key);
          await Promise.resolve();
          if (flowId !== undefined) return { kind: 'existing', flowId };
          used.set(key, flow.id);
          return store.createFlow({ ...flow, idempotency: null });
        },
      });
    },
  },
  {
    name: 'keeps the caller’s own objects',
    caughtBy: ['create-flow.own-copy'],
    plant(store) {
      const tasks = new Map<string, NewFlowTask>();
      return override(store, {
        createFlow(flow) {
          for (const task of flow.tasks) tasks.set(task.id, task);
          return store.createFlow(flow);
        },
        async advance(tick) {
          const result = await store.advance(tick);
          if (result.runner === 'lost') return result;
          const claimed = result.claimed.map((attempt) => {
            const task = tasks.get(attempt.ref.taskId);
            return task === undefined ? attempt : { ...attempt, config: task.config };
          });
          return { ...result, claimed };
        },
      });
    },
  },
  {
    name: 'remembers two dependencies of a task at most',
    caughtBy: ['fates.one-tick', 'fan-in.last-one-opens', 'fan-in.lattice'],
    plant: (store) => storing(store, (task) => ({ dependsOn: task.dependsOn.slice(0, 2) })),
  },
  {
    name: 'counts a failure that is allowed as a failure',
    caughtBy: ['fates.allow-failure', 'fates.one-tick', 'fail-fast.allowed-failure'],
    plant: (store) => storing(store, () => ({ allowFailure: false })),
  },
  {
    name: 'forgives a task that was skipped because of a failure, if it allows its own',
    caughtBy: ['fates.allow-failure-is-its-own', 'fates.one-tick', 'fates.backwards'],
    plant: (store) =>
      storing(store, (task) =>
        task.allowFailure && task.dependsOn.length > 0 ? { triggerRule: 'all_done' } : {},
      ),
  },
  {
    name: 'forgets a skip below the first level',
    caughtBy: ['skips.deep-chain', 'skips.deep-chain-without-failure', 'skips.rescue-in-same-tick'],
    plant(store) {
      return override(store, {
        createFlow(flow) {
          const roots = new Set(flow.tasks.filter(isRoot).map(({ id }) => id));
          const tasks = flow.tasks.map((task) =>
            task.dependsOn.some((id) => !roots.has(id))
              ? { ...task, triggerRule: 'all_done' as const }
              : task,
          );
          return store.createFlow({ ...flow, tasks });
        },
      });
    },
  },
  {
    name: 'reads none_failed as all_success',
    caughtBy: ['fates.one-tick', 'fates.one-by-one'],
    plant: (store) =>
      storing(store, ({ triggerRule }) =>
        triggerRule === 'none_failed' ? { triggerRule: 'all_success' } : {},
      ),
  },
  {
    name: 'reads any_failed as all_done',
    caughtBy: ['fates.one-tick', 'holds.fate'],
    plant: (store) =>
      storing(store, ({ triggerRule }) =>
        triggerRule === 'any_failed' ? { triggerRule: 'all_done' } : {},
      ),
  },
  {
    name: 'knows no fail-fast',
    caughtBy: ['fail-fast.ends-at-once', 'fail-fast.two-failures', 'slots.fail-fast'],
    plant: (store) =>
      override(store, { createFlow: (flow) => store.createFlow({ ...flow, failFast: false }) }),
  },
  {
    name: 'stores one hold where there are two',
    caughtBy: ['holds.remove'],
    plant: (store) => storing(store, ({ holds }) => ({ holds: Math.min(holds, 1) })),
  },
  {
    name: 'ignores priorities',
    caughtBy: ['claim-order.priority', 'claim-order.priority-extremes'],
    plant: (store) => storing(store, () => ({ priority: 0 })),
  },
  {
    name: 'orders priorities as text',
    caughtBy: ['claim-order.priority-extremes'],
    plant: (store) =>
      storing(store, ({ priority }) => ({ priority: Number(`0.${Math.abs(priority)}`) })),
  },
  {
    name: 'hands out the oldest flow first, whole',
    caughtBy: [
      'claim-order.flows-in-turn',
      'claim-order.big-flow-small-flow',
      'claim-order.flows-in-turn-over-ticks',
    ],
    plant(store) {
      let flows = 0;
      return override(store, {
        createFlow(flow) {
          flows += 1;
          const tasks = flow.tasks.map((task) => ({ ...task, priority: flows }));
          return store.createFlow({ ...flow, tasks });
        },
      });
    },
  },
];

/** A store that gets something about every task wrong. */
function storing(store: Store, wrong: (task: NewFlowTask) => Partial<NewFlowTask>): Store {
  return override(store, {
    createFlow(flow: NewFlow) {
      const tasks = flow.tasks.map((task) => ({ ...task, ...wrong(task) }));
      return store.createFlow({ ...flow, tasks });
    },
  });
}

function isRoot({ dependsOn }: NewFlowTask): boolean {
  return dependsOn.length === 0;
}

function withoutHeldSince(flow: NewFlow): NewFlow {
  if (flow.idempotency === null) return flow;
  const { key, specHash } = flow.idempotency;
  return { ...flow, idempotency: { key, specHash } };
}
