import type { Claim, ClaimedAttempt, EpochMs, RunnerId, Store } from '@tasked/core';
import { released } from '@tasked/store-testkit';
import { override, type PlantedBug } from './planted-bug.ts';

/** How a store deals with standing claims. */
interface Rules {
  /** The claim by which a runner is given what a flow begins with. */
  readonly given: (claim: Claim) => Claim;
  /** What of it the next tick brings. */
  readonly brought: (given: readonly ClaimedAttempt[]) => readonly ClaimedAttempt[];
  /** Whether it is given back by a tick that claims nothing, and by a runner that leaves. */
  readonly isGivenBack: boolean;
}

const RIGHT: Rules = {
  given: (claim) => claim,
  brought: (given) => given,
  isGivenBack: true,
};

/** Bugs of stores that give to standing claims. */
export const standingBugs: readonly PlantedBug[] = [
  {
    name: 'loses what it gave to a standing claim',
    caughtBy: ['standing.given'],
    plant: (store) => giving(store, { ...RIGHT, brought: () => [] }),
  },
  {
    name: 'brings what it gave to a standing claim twice',
    caughtBy: ['standing.given'],
    plant: (store) => giving(store, { ...RIGHT, brought: (given) => [...given, ...given] }),
  },
  {
    name: 'gives more than is left of a standing claim',
    caughtBy: ['standing.limit'],
    plant: (store) =>
      giving(store, { ...RIGHT, given: (claim) => ({ ...claim, limit: claim.limit + 1 }) }),
  },
  {
    name: 'gives a standing claim what its runner cannot run',
    caughtBy: ['standing.able'],
    plant: (store) =>
      giving(store, { ...RIGHT, given: (claim) => ({ ...claim, executors: ['noop', 'shell'] }) }),
  },
  {
    name: 'gives a standing claim work of queues that its runner does not serve',
    caughtBy: ['standing.able'],
    plant: (store) =>
      giving(store, { ...RIGHT, given: ({ limit, executors }) => ({ limit, executors }) }),
  },
  {
    name: 'keeps what it gave to a standing claim for a runner that claims nothing any more',
    caughtBy: ['standing.given-back', 'standing.left'],
    plant: (store) => giving(store, { ...RIGHT, isGivenBack: false }),
  },
];

/** The store, giving what flows begin with to standing claims as it should. */
export function givingStore(store: Store): Store {
  return giving(store, RIGHT);
}

function giving(store: Store, { given: givenBy, brought, isGivenBack }: Rules): Store {
  let standing: { readonly runnerId: RunnerId; readonly claim: Claim } | null = null;
  let given: readonly ClaimedAttempt[] = [];
  const end = async (runnerId: RunnerId, now: EpochMs) => {
    if (standing?.runnerId !== runnerId) return;
    standing = null;
    const settle = isGivenBack ? given.map(({ ref }) => released(ref)) : [];
    given = [];
    await store.advance({ runnerId, now, settle, claim: null });
  };
  return override(store, {
    async createFlow(flow) {
      const result = await store.createFlow(flow);
      if (standing === null || result.kind !== 'created') return result;
      const { runnerId, claim } = standing;
      const limit = claim.limit - given.length;
      const tick = { runnerId, now: flow.createdAt, settle: [] };
      const answer = await store.advance({ ...tick, claim: givenBy({ ...claim, limit }) });
      if (answer.runner === 'ok') given = [...given, ...answer.claimed];
      return result;
    },
    async advance(tick) {
      const { runnerId, now, claim } = tick;
      if (claim === null) {
        await end(runnerId, now);
        return store.advance(tick);
      }
      const own = standing?.runnerId === runnerId ? given : [];
      if (own.length > 0) given = [];
      const limit = Math.max(0, claim.limit - own.length);
      const result = await store.advance({ ...tick, claim: { ...claim, limit } });
      if (result.runner === 'lost') return result;
      const left = { ...claim, limit: limit - result.claimed.length };
      if (claim.standing) standing = { runnerId, claim: left };
      return { ...result, claimed: [...brought(own), ...result.claimed] };
    },
    async unregisterRunner(runnerId) {
      await end(runnerId, 0);
      await store.unregisterRunner(runnerId);
    },
  });
}
