import type { Flow } from '@tasked/core';
import { MemoryStore } from '@tasked/store-memory';
import type { StoreCaseId } from '@tasked/store-testkit';
import { override } from './planted-bug.ts';
import { type Door, openDoor } from './shared-memory.ts';

/** A store that is right as long as it is alone and never closed. */
export interface SharingBug {
  /** What an author might have got wrong. */
  readonly name: string;
  /** Cases that MUST notice; others may. */
  readonly caughtBy: readonly StoreCaseId[];
  /** Opens the data a second time, or again. */
  readonly again: Door;
}

/** Bugs that show only in a second store, or after a reopen. */
export const sharingBugs: readonly SharingBug[] = [
  {
    name: 'keeps nothing',
    caughtBy: ['reopening.records', 'reopening.goes-on', 'reopening.repeatedly', 'sharing.reads'],
    again: () => openDoor(new MemoryStore()),
  },
  {
    name: 'keeps idempotency keys in memory',
    caughtBy: ['reopening.idempotency', 'sharing.idempotency'],
    again(data) {
      const door = openDoor(data);
      return override(door, {
        createFlow: (flow) => door.createFlow({ ...flow, idempotency: null }),
      });
    },
  },
  {
    name: 'forgets who was running',
    caughtBy: ['reopening.lost-runners'],
    again: (data) => override(openDoor(data), { lostRunners: async () => [] }),
  },
  {
    name: 'gives every process slots of its own',
    caughtBy: ['reopening.lost-runners'],
    again: (data) =>
      override(openDoor(data), {
        async getQueue(name) {
          const queue = await data.getQueue(name);
          return queue && { ...queue, running: 0 };
        },
      }),
  },
  {
    name: 'takes the runners of other processes for dead',
    caughtBy: ['sharing.alive'],
    again(data) {
      const door = openDoor(data);
      let known: string | null = null;
      return override(door, {
        async registerRunner(runner) {
          await door.registerRunner(runner);
          known = runner.id;
          await data.unregisterRunner(known);
        },
      });
    },
  },
  {
    name: 'hears nothing of other processes',
    caughtBy: ['sharing.hints'],
    again: (data) => override(openDoor(data), { subscribe: () => () => {} }),
  },
  {
    name: 'does not notice that another process died',
    caughtBy: ['sharing.death'],
    again(data) {
      const door = openDoor(data);
      return override(door, { close: async () => {} });
    },
  },
  {
    name: 'reads a flow and its tasks at two moments',
    caughtBy: ['sharing.changes'],
    again(data) {
      const door = openDoor(data);
      return override(door, {
        async changesSince(flowId, rev) {
          const before = await data.changesSince(flowId, rev);
          await new Promise((resolve) => setImmediate(resolve));
          const after = await data.changesSince(flowId, rev);
          return before && after && { flow: before.flow, tasks: after.tasks };
        },
      });
    },
  },
  {
    name: 'does not say that a result came after another process had cancelled',
    caughtBy: ['sharing.cancel'],
    again(data) {
      const door = openDoor(data);
      return override(door, {
        async advance(tick) {
          const result = await data.advance(tick);
          return result.runner === 'lost' ? result : { ...result, rejected: [] };
        },
      });
    },
  },
  {
    name: 'forgets what another process pruned one call late',
    caughtBy: ['sharing.prune'],
    again(data) {
      const door = openDoor(data);
      const seen = new Map<string, Flow>();
      return override(door, {
        async pruneFlows(prune) {
          for (const flow of await data.listFlows({ owner: '', limit: 100 }))
            seen.set(flow.id, flow);
          return data.pruneFlows(prune);
        },
        getFlow: async (id, owner) => (await data.getFlow(id, owner)) ?? seen.get(id) ?? null,
      });
    },
  },
  {
    name: 'hands out what it read before the other did',
    caughtBy: ['sharing.exactly-once'],
    again(data) {
      const door = openDoor(data);
      return override(door, {
        async advance(tick) {
          const result = await door.advance(tick);
          if (result.runner === 'lost') return result;
          return { ...result, claimed: [...result.claimed, ...result.claimed] };
        },
      });
    },
  },
];
