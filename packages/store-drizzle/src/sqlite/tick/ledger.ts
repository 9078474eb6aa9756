import { type ChangedFlow, type EpochMs, type FlowId, flowEnd } from '@tasked/core';
import { FLOW } from '../../encoding/codes.ts';
import { flowCountsOf } from '../../encoding/flow-counts.ts';
import type {
  FlowAccount,
  FlowAndQueue,
  LedgerStatements,
  QueueAccount,
} from './ledger-statements.ts';

/** What a ledger came to. */
export interface ClosedLedger {
  readonly changed: readonly ChangedFlow[];
  /** True also when slots were freed or taken without a change of any flow. */
  readonly wrote: boolean;
}

/**
 * The accounts of one transaction: flows' tasks by state and queues' slots. Each is read at most once,
 * kept here while tasks move, and written once, by `close`, if it has changed.
 */
export class Ledger {
  readonly #statements: LedgerStatements;
  readonly #flows = new Map<number, FlowAccount>();
  readonly #flowsById = new Map<FlowId, FlowAccount | null>();
  readonly #queues = new Map<number, QueueAccount>();

  constructor(statements: LedgerStatements) {
    this.#statements = statements;
  }

  flow(key: number): FlowAccount {
    return this.#flows.get(key) ?? this.#keep(this.#statements.readFlow(key));
  }

  flowById(id: FlowId): FlowAccount | null {
    const known = this.#flowsById.get(id);
    if (known !== undefined) return known;
    const found = this.#statements.findFlow(id);
    if (found === null) this.#flowsById.set(id, null);
    return found === null ? null : this.#keep(found);
  }

  #keep({ flow, queue }: FlowAndQueue): FlowAccount {
    this.#flows.set(flow.key, flow);
    this.#flowsById.set(flow.id, flow);
    if (!this.#queues.has(queue.key)) this.#queues.set(queue.key, queue);
    return flow;
  }

  /** Accounts for `count` tasks of a flow that go from one state to another. */
  move(flow: FlowAccount, from: number, to: number, count = 1): void {
    flow.counts[from] = (flow.counts[from] as number) - count;
    flow.counts[to] = (flow.counts[to] as number) + count;
    flow.changed = true;
  }

  /** How many more of a queue's tasks may run; 0 while it is paused. */
  room(queueKey: number): number {
    const { paused, concurrency, running } = this.#queue(queueKey);
    if (paused) return 0;
    return concurrency === null ? Number.POSITIVE_INFINITY : Math.max(0, concurrency - running);
  }

  takeSlots(queueKey: number, count: number): void {
    this.#queue(queueKey).running += count;
  }

  freeSlot(queueKey: number): void {
    this.#queue(queueKey).running -= 1;
  }

  /** Ends flows whose last task has ended, writes everything, and says what that was. */
  close(now: EpochMs): ClosedLedger {
    const changed: ChangedFlow[] = [];
    for (const flow of this.#flows.values()) {
      if (!flow.changed) continue;
      if (flow.state === FLOW.running) flow.state = FLOW[endOf(flow)];
      this.#statements.writeFlow(flow);
      if (flow.state !== flow.before) this.#statements.endFlow(flow, now);
      changed.push({ flowId: flow.id, rev: flow.rev, ended: flow.state !== FLOW.running });
    }
    let wrote = changed.length > 0;
    for (const queue of this.#queues.values()) {
      if (queue.running === queue.before) continue;
      this.#statements.writeQueue(queue);
      wrote = true;
    }
    return { changed, wrote };
  }

  #queue(key: number): QueueAccount {
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = this.#statements.readQueue(key);
      this.#queues.set(key, queue);
    }
    return queue;
  }
}

function endOf({ counts, fatalCount }: FlowAccount): 'running' | 'succeeded' | 'failed' {
  return flowEnd(flowCountsOf(counts), fatalCount) ?? 'running';
}
