import { override, type PlantedBug } from './planted-bug.ts';

/** Bugs in holds and cancels. */
export const interveningBugs: readonly PlantedBug[] = [
  {
    name: 'takes holds away one by one until it meets one that is not there',
    caughtBy: ['holds.illegal-removal'],
    plant: (store) =>
      override(store, {
        async removeHold(holds) {
          const removed = [];
          for (const taskId of new Set(holds.taskIds)) {
            removed.push(...(await store.removeHold({ ...holds, taskIds: [taskId] })));
          }
          return removed;
        },
      }),
  },
  {
    name: 'keeps quiet about a hold that is not there',
    caughtBy: ['holds.illegal-removal', 'holds.only-blocked'],
    plant: (store) =>
      override(store, { removeHold: (holds) => store.removeHold(holds).catch(() => []) }),
  },
  {
    name: 'holds a task once however often it is told to',
    caughtBy: ['holds.add'],
    plant(store) {
      const held = new Set<string>();
      return override(store, {
        async addHold(holds) {
          const key = (id: string) => `${holds.flowId}/${id}`;
          const fresh = holds.taskIds.filter((id) => !held.has(key(id)));
          for (const id of fresh) held.add(key(id));
          await store.addHold({ ...holds, taskIds: fresh });
          return holds.taskIds;
        },
        removeHold: (holds) => store.removeHold(holds).catch(() => holds.taskIds),
      });
    },
  },
  {
    name: 'says that it cancelled what had ended',
    caughtBy: ['cancel.twice', 'cancel.ended', 'cancel.racers'],
    plant: (store) =>
      override(store, {
        async cancelFlow(cancel) {
          const result = await store.cancelFlow(cancel);
          return result && { ...result, cancelled: true };
        },
      }),
  },
  {
    name: 'answers a cancel with the flow as it was before',
    caughtBy: ['cancel.at-once'],
    plant: (store) =>
      override(store, {
        async cancelFlow(cancel) {
          const flow = await store.getFlow(cancel.flowId, cancel.owner);
          const result = await store.cancelFlow(cancel);
          return result && flow && { ...result, flow };
        },
      }),
  },
];
