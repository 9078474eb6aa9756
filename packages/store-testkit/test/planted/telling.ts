import { type Hint, TaskedError } from '@tasked/core';
import { override, type PlantedBug } from './planted-bug.ts';

/** Bugs in hints, and in the end of a store. */
export const tellingBugs: readonly PlantedBug[] = [
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
