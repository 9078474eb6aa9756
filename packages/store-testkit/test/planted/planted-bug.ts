import type { Store, TickResult } from '@tasked/core';
import type { StoreCaseId } from '@tasked/store-testkit';

/** A store that is right but for one thing. */
export interface PlantedBug {
  /** What an author might have got wrong. */
  readonly name: string;
  /** Cases that MUST notice; others may. */
  readonly caughtBy: readonly StoreCaseId[];
  readonly plant: (correct: Store) => Store;
}

/** The store with some of its methods replaced. */
export function override(store: Store, methods: Partial<Store>): Store {
  return new Proxy(store, {
    get(target, key) {
      if (key in methods) return methods[key as keyof Store];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** What `advance` answers a runner that is registered. */
export type LiveTick = Extract<TickResult, { runner: 'ok' }>;

/** The store with another look at what `advance` answers. */
export function answering(store: Store, change: (result: LiveTick) => LiveTick): Store {
  return override(store, {
    async advance(tick) {
      const result = await store.advance(tick);
      return result.runner === 'ok' ? change(result) : result;
    },
  });
}

/** A text that names a task, or an attempt of it. */
export function keyOf(ref: { readonly flowId: string; readonly taskId: string }): string {
  return `${ref.flowId}/${ref.taskId}`;
}
