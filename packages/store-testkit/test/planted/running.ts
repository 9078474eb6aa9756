import type { RunnerId, TakenAttempt } from '@tasked/core';
import { override, type PlantedBug } from './planted-bug.ts';

/** Bugs in who runs, and who takes over. */
export const runningBugs: readonly PlantedBug[] = [
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
];
