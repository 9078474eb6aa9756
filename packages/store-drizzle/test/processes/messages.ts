import type { Store } from '@tasked/core';
import type { Saturation } from './saturate.ts';

/** What a store is opened on: a data directory of SQLite, or a schema of PostgreSQL. */
export type Place =
  | string
  | { readonly url: string; readonly schema: string; readonly leaseMs?: number };

/** What a child process does for its parent: any call of its store, and a few things more. */
export interface Commands extends Omit<Required<Store>, 'subscribe' | 'cancelTask'> {
  open(place: Place): Promise<void>;
  /** From now on every hint of its store is passed on. */
  listen(): Promise<void>;
  saturate(runnerId: string, flowIds: readonly string[]): Promise<Saturation>;
}

/** From the parent. */
export interface Request {
  readonly call: number;
  readonly command: keyof Commands;
  readonly args: readonly unknown[];
}

/** From the child. */
export type Message =
  | { readonly kind: 'value'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly call: number; readonly error: string }
  | { readonly kind: 'hint' };
