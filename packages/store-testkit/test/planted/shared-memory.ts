import { type RunnerId, type Store, TaskedError } from '@tasked/core';
import { MemoryStore } from '@tasked/store-memory';
import type { StoreSubject } from '@tasked/store-testkit';
import { override } from './planted-bug.ts';

/** Makes of a store another on the same data, or the same again: the right one opens one more door. */
export type Door = (data: Store) => Store;

/**
 * A subject whose data outlive their stores, all in memory: every store is one more door to the same
 * data, and a door that closes is the death of the runners that came through it. `again` is the door for
 * a second store and after a reopen.
 */
export function sharedMemory(again: Door = openDoor): StoreSubject {
  const dataOf = new WeakMap<Store, Store>();
  const opened = (data: Store, door: Door): Store => {
    const store = door(data);
    dataOf.set(store, data);
    return store;
  };
  const further = async (store: Store): Promise<Store> => {
    const data = dataOf.get(store);
    if (data === undefined) throw new Error('this store was not opened here');
    return opened(data, again);
  };
  return {
    name: 'shared memory',
    open: async () => opened(new MemoryStore(), openDoor),
    reopen: further,
    openSecond: further,
  };
}

/** A store on data that others may have open as well. */
export function openDoor(data: Store): Store {
  const runners = new Set<RunnerId>();
  let closed = false;
  const door = override(data, {
    async registerRunner(runner) {
      await data.registerRunner(runner);
      runners.add(runner.id);
    },
    subscribe: (listener) =>
      data.subscribe((hint) => {
        const own = hint.by !== null && runners.has(hint.by);
        listener({ ...hint, by: own ? hint.by : null });
      }),
    async close() {
      if (closed) return;
      closed = true;
      for (const id of runners) await data.unregisterRunner(id);
    },
  });
  return new Proxy(door, {
    get(target, key) {
      if (!closed || key === 'close') return Reflect.get(target, key);
      return () => Promise.reject(new TaskedError('unavailable', 'the store was closed'));
    },
  });
}
