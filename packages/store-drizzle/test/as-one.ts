import type { RunnerId, Store } from '@tasked/core';

/**
 * Several stores on the same data, as one: each runner belongs to one of them, and whatever names no runner of
 * its own goes to each in turn.
 */
export function asOne(stores: readonly Store[]): Store {
  const homes = new Map<RunnerId, Store>();
  let turn = 0;
  const next = () => stores[turn++ % stores.length] as Store;
  const home = (id: RunnerId) => homes.get(id) ?? next();
  const own: Partial<Store> = {
    registerRunner(runner) {
      const store = next();
      homes.set(runner.id, store);
      return store.registerRunner(runner);
    },
    unregisterRunner: (id) => home(id).unregisterRunner(id),
    advance: (tick) => home(tick.runnerId).advance(tick),
    lostRunners: (observer) => home(observer).lostRunners(observer),
    takeOver: (take) => home(take.by).takeOver(take),
    async close() {
      for (const store of stores) await store.close();
    },
  };
  return new Proxy(stores[0] as Store, {
    get(_, key) {
      if (key in own) return Reflect.get(own, key);
      const store = next();
      const method: unknown = Reflect.get(store, key);
      return typeof method === 'function' ? method.bind(store) : method;
    },
  });
}
