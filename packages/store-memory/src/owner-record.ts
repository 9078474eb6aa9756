import type { Flow } from '@tasked/core';
import type { FlowRecord } from './flow-record.ts';
import { SortedSet } from './sorted-set.ts';

/** What belongs to one owner. */
export class OwnerRecord {
  /** By `(createdAt, id)`. */
  readonly flows = new SortedSet<Pick<Flow, 'createdAt' | 'id'>, FlowRecord>(
    (a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : Number(a.id > b.id)),
  );
  /** What was created under each idempotency key. */
  readonly keys = new Map<string, { readonly flowId: string; readonly specHash: string }>();
}
