import type { Hint, RunnerId, TakenAttempt } from '@tasked/core';
import { TaskedError } from '@tasked/core';
import { override, type PlantedBug } from './planted-bug.ts';

/** Bugs in runners, holds, hints and the end of a store. */
export const livingBugs: readonly PlantedBug[] = [
  {
    name: 'registers whoever sends a tick',
    caughtBy: ['runners.never-registered'],
    plant: (store) =>
      override(store, {
        async advance(tick) {
          const result = await store.advance(tick);
          if (result.runner === 'ok') return result;
          const who = { name: '', host: '', pid: 0, registeredAt: tick.now };
          await store.registerRunner({ id: tick.runnerId, ...who }).catch(() => null);
          return store.advance(tick);
        },
      }),
  },
  {
    name: 'goes on working for a runner that unregistered',
    caughtBy: ['runners.unregistered', 'runners.left-attempts', 'runners.unregister-unknown'],
    plant: (store) => override(store, { unregisterRunner: async () => {} }),
  },
  {
    name: 'takes every other runner for dead',
    caughtBy: ['runners.alive-are-not-lost'],
    plant: (store) =>
      override(store, {
        async lostRunners(observer) {
          const others = (await store.listRunners()).map(({ id }) => id);
          return others.filter((id) => id !== observer);
        },
      }),
  },
  {
    name: 'forgets a runner that unregistered with all that it held',
    caughtBy: ['runners.left-attempts', 'take-over.limit'],
    plant: (store) => override(store, { lostRunners: async () => [] }),
  },
  {
    name: 'lists runners in the order of their ids',
    caughtBy: ['runners.list'],
    plant: (store) =>
      override(store, {
        async listRunners() {
          const runners = [...(await store.listRunners())];
          return runners.sort((a, b) => (a.name < b.name ? 1 : -1));
        },
      }),
  },
  {
    name: 'registers an id again without a word',
    caughtBy: ['runners.register-twice'],
    plant: (store) =>
      override(store, {
        registerRunner: (runner) => store.registerRunner(runner).catch(() => undefined),
      }),
  },
  {
    name: 'gives the attempts of a dead runner to everyone who asks',
    caughtBy: ['take-over.racers'],
    plant(store) {
      const taking = new Map<RunnerId, Promise<readonly TakenAttempt[]>>();
      return override(store, {
        takeOver(take) {
          const haul = taking.get(take.dead) ?? store.takeOver(take);
          taking.set(take.dead, haul);
          return haul;
        },
      });
    },
  },
  {
    name: 'takes over under the old fence',
    caughtBy: ['take-over.record', 'take-over.settles'],
    plant: (store) =>
      override(store, {
        async takeOver(take) {
          const taken = await store.takeOver(take);
          return taken.map((one) => ({ ...one, ref: { ...one.ref, fence: one.lostFence } }));
        },
      }),
  },
  {
    name: 'takes over more than the limit',
    caughtBy: ['take-over.limit', 'take-over.dead-is-lost'],
    plant: (store) =>
      override(store, { takeOver: (take) => store.takeOver({ ...take, limit: 1_000 }) }),
  },
  {
    name: 'does not say that a taken attempt was cancelled',
    caughtBy: ['take-over.cancelled'],
    plant: (store) =>
      override(store, {
        async takeOver(take) {
          return (await store.takeOver(take)).map((one) => ({ ...one, cancelled: false }));
        },
      }),
  },
  {
    name: 'lets a stranger take over',
    caughtBy: ['take-over.unknown-taker'],
    plant: (store) => override(store, { takeOver: (take) => store.takeOver(take).catch(() => []) }),
  },
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
  {
    name: 'publishes no hints',
    caughtBy: ['hints.create', 'hints.advance', 'hints.other-calls', 'hints.every-commit'],
    plant: (store) => override(store, { subscribe: () => () => {} }),
  },
  {
    name: 'publishes a hint for an idle tick',
    caughtBy: ['batches.idle-tick', 'batches.rejected-only'],
    plant(store) {
      const listeners = new Set<(hint: Hint) => void>();
      return override(store, {
        subscribe(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        async advance(tick) {
          const result = await store.advance(tick);
          for (const listener of listeners) listener({ by: tick.runnerId, flows: [] });
          return result;
        },
      });
    },
  },
  {
    name: 'publishes before it commits',
    caughtBy: ['hints.after-commit', 'hints.never-inside-the-call'],
    plant(store) {
      const listeners = new Set<(hint: Hint) => void>();
      return override(store, {
        subscribe(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        async advance(tick) {
          for (const { attempt } of tick.settle) {
            const flows = [{ flowId: attempt.flowId, rev: 1_000, ended: true }];
            for (const listener of listeners) listener({ by: tick.runnerId, flows });
          }
          return store.advance(tick);
        },
        createFlow(flow) {
          const flows = [{ flowId: flow.id, rev: 1, ended: false }];
          for (const listener of listeners) listener({ by: null, flows });
          return store.createFlow(flow);
        },
      });
    },
  },
  {
    name: 'does not say whose tick it was',
    caughtBy: ['hints.advance'],
    plant: (store) =>
      override(store, {
        subscribe: (listener) => store.subscribe(({ flows }) => listener({ by: null, flows })),
      }),
  },
  {
    name: 'hints at commits that changed a flow only',
    caughtBy: ['hints.without-a-flow'],
    plant: (store) =>
      override(store, {
        subscribe: (listener) =>
          store.subscribe((hint) => {
            if (hint.flows?.length !== 0) listener(hint);
          }),
      }),
  },
  {
    name: 'goes on calling who has unsubscribed',
    caughtBy: ['hints.unsubscribe'],
    plant: (store) =>
      override(store, {
        subscribe(listener) {
          store.subscribe(listener);
          return () => {};
        },
      }),
  },
  {
    name: 'passes on the latest of several hints only',
    caughtBy: ['hints.every-commit'],
    plant: (store) =>
      override(store, {
        subscribe(listener) {
          let latest: Hint | undefined;
          return store.subscribe((hint) => {
            if (latest === undefined) {
              setImmediate(() => {
                if (latest !== undefined) listener(latest);
                latest = undefined;
              });
            }
            latest = hint;
          });
        },
      }),
  },
  {
    name: 'answers after it was closed',
    caughtBy: ['closing.unavailable'],
    plant: (store) => override(store, { close: async () => {} }),
  },
  {
    name: 'cannot be closed twice',
    caughtBy: ['closing.twice'],
    plant(store) {
      let closed = false;
      return override(store, {
        async close() {
          if (closed) throw new TaskedError('unavailable', 'the store was closed');
          closed = true;
          await store.close();
        },
      });
    },
  },
];
