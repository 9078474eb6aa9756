import type { Claim, ClaimedAttempt, Store } from '@tasked/core';
import { answering, override, type PlantedBug } from './planted-bug.ts';

/** Bugs in handing out work. */
export const claimingBugs: readonly PlantedBug[] = [
  {
    name: 'hands out a task twice when two runners ask at once',
    caughtBy: ['claims.exactly-once'],
    plant(store) {
      let handedOut: ClaimedAttempt | undefined;
      return answering(store, (result) => {
        const twice = handedOut;
        handedOut = result.claimed.at(-1);
        return twice === undefined ? result : { ...result, claimed: [...result.claimed, twice] };
      });
    },
  },
  {
    name: 'hands out one task more than it was asked for',
    caughtBy: ['claims.limit'],
    plant: (store) => claiming(store, (claim) => ({ limit: claim.limit + 1 })),
  },
  {
    name: 'looks at no more than 500 ready tasks',
    caughtBy: ['claims.full-tick', 'fan-in.fan-out', 'slots.unlimited'],
    plant: (store) => claiming(store, (claim) => ({ limit: Math.min(claim.limit, 500) })),
  },
  {
    name: 'hands out tasks of executors that the runner does not have',
    caughtBy: ['claims.executors'],
    plant: (store) => claiming(store, () => ({ executors: ['noop', 'shell', 'http'] })),
  },
  {
    name: 'ignores the queues that a runner names',
    caughtBy: ['claims.queues'],
    plant: (store) =>
      override(store, {
        advance({ claim, ...tick }) {
          if (claim === null) return store.advance({ ...tick, claim });
          const { limit, executors } = claim;
          return store.advance({ ...tick, claim: { limit, executors } });
        },
      }),
  },
  {
    name: 'says that there is more whenever it hands out all that was asked for',
    caughtBy: ['claims.more'],
    plant(store) {
      return override(store, {
        async advance(tick) {
          const result = await store.advance(tick);
          if (result.runner === 'lost' || tick.claim === null) return result;
          return { ...result, more: result.claimed.length === tick.claim.limit };
        },
      });
    },
  },
  {
    name: 'never says that there is more',
    caughtBy: ['claims.more', 'claims.full-tick'],
    plant: (store) => answering(store, (result) => ({ ...result, more: false })),
  },
  {
    name: 'forgets which outputs a task needs',
    caughtBy: ['claims.record'],
    plant: (store) =>
      answering(store, (result) => ({
        ...result,
        claimed: result.claimed.map((attempt) => ({ ...attempt, needs: [] })),
      })),
  },
  {
    name: 'gives a queue one slot too many',
    caughtBy: ['slots.limit', 'slots.racers', 'slots.each-queue-its-own'],
    plant: (store) =>
      override(store, {
        async ensureQueue(queue) {
          const { concurrency } = queue;
          const inside = concurrency === null ? null : concurrency + 1;
          return { ...(await store.ensureQueue({ ...queue, concurrency: inside })), concurrency };
        },
        async getQueue(name) {
          const queue = await store.getQueue(name);
          if (queue === null || queue.concurrency === null) return queue;
          return { ...queue, concurrency: queue.concurrency - 1 };
        },
      }),
  },
  {
    name: 'takes a queue without a limit for one of ten',
    caughtBy: ['slots.unlimited', 'fan-in.fan-out'],
    plant: (store) =>
      override(store, {
        ensureQueue: (queue) =>
          store.ensureQueue({ ...queue, concurrency: queue.concurrency ?? 10 }),
      }),
  },
  {
    name: 'hands out what is in a paused queue',
    caughtBy: ['queues.pause', 'queues.pause-twice'],
    plant: (store) =>
      override(store, {
        async setQueuePaused(name, paused) {
          const queue = await store.getQueue(name);
          return queue && { ...queue, paused };
        },
      }),
  },
  {
    name: 'overwrites a queue that exists',
    caughtBy: ['queues.ensure-again', 'queues.ensure-race'],
    plant: (store) =>
      override(store, {
        async ensureQueue(queue) {
          return { ...(await store.ensureQueue(queue)), ...queue };
        },
      }),
  },
  {
    name: 'folds the case of queue names',
    caughtBy: ['queues.names'],
    plant: (store) =>
      override(store, {
        ensureQueue: (queue) => store.ensureQueue({ ...queue, name: queue.name.toLowerCase() }),
        getQueue: (name) => store.getQueue(name.toLowerCase()),
      }),
  },
  {
    name: 'promotes a delayed task a moment late',
    caughtBy: ['delays.when-due', 'delays.due-in-its-own-tick', 'delays.look-again'],
    plant: (store) =>
      override(store, { advance: (tick) => store.advance({ ...tick, now: tick.now - 1 }) }),
  },
  {
    name: 'promotes a delayed task a moment early',
    caughtBy: ['delays.not-before'],
    plant: (store) =>
      override(store, { advance: (tick) => store.advance({ ...tick, now: tick.now + 1 }) }),
  },
  {
    name: 'does not say when to look again',
    caughtBy: ['delays.look-again'],
    plant: (store) => answering(store, (result) => ({ ...result, lookAgainAt: null })),
  },
];

/** A store that gets something about every claim wrong. */
function claiming(store: Store, wrong: (claim: Claim) => Partial<Claim>): Store {
  return override(store, {
    advance(tick) {
      const { claim } = tick;
      return store.advance({ ...tick, claim: claim && { ...claim, ...wrong(claim) } });
    },
  });
}
