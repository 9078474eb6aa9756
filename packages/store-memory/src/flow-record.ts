import {
  type EpochMs,
  FLOW_TASK_STATES,
  type Flow,
  type FlowState,
  type FlowTaskState,
  type NewFlow,
} from '@tasked/core';
import type { QueueRecord } from './queue-record.ts';
import type { TaskRecord } from './task-record.ts';

/** A flow as the store keeps it. */
export class FlowRecord {
  readonly id: string;
  readonly owner: string;
  readonly queue: QueueRecord;
  readonly failFast: boolean;
  readonly createdAt: EpochMs;
  readonly ttlMs: number | null;
  readonly idempotencyKey: string | null;
  /** Rises from flow to flow: the order of creation. */
  readonly seq: number;
  /** By index. */
  readonly tasks: TaskRecord[] = [];
  readonly tasksById = new Map<string, TaskRecord>();
  readonly counts: Record<FlowTaskState, number>;
  state: FlowState = 'running';
  rev = 0;
  fatalCount = 0;
  inputCount = 0;
  endedAt: EpochMs | null = null;

  constructor(flow: NewFlow, queue: QueueRecord, seq: number) {
    this.id = flow.id;
    this.owner = flow.owner;
    this.queue = queue;
    this.failFast = flow.failFast;
    this.createdAt = flow.createdAt;
    this.ttlMs = flow.ttlMs;
    this.idempotencyKey = flow.idempotency?.key ?? null;
    this.seq = seq;
    const none = FLOW_TASK_STATES.map((state) => [state, 0]);
    this.counts = Object.fromEntries(none) as Record<FlowTaskState, number>;
  }

  /** What callers see of it now. */
  view(): Flow {
    return {
      id: this.id,
      owner: this.owner,
      queue: this.queue.name,
      state: this.state,
      rev: this.rev,
      counts: { ...this.counts },
      taskCount: this.tasks.length,
      fatalCount: this.fatalCount,
      inputCount: this.inputCount,
      failFast: this.failFast,
      createdAt: this.createdAt,
      ttlMs: this.ttlMs,
      endedAt: this.endedAt,
    };
  }
}
