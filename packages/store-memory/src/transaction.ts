import {
  type ChangedFlow,
  type EpochMs,
  type FlowTaskState,
  isTerminalFlowTask,
} from '@tasked/core';
import type { FlowRecord } from './flow-record.ts';
import type { Tables } from './tables.ts';
import type { TaskRecord } from './task-record.ts';

/**
 * One commit. It cannot be undone: whatever may be refused MUST be refused before the first change.
 * No other call comes between, because nothing in it awaits.
 */
export class Transaction {
  readonly tables: Tables;
  readonly now: EpochMs;
  readonly #changed = new Set<FlowRecord>();
  #wrote = false;

  constructor(tables: Tables, now: EpochMs) {
    this.tables = tables;
    this.now = now;
  }

  /** True when anything was changed. */
  get wrote(): boolean {
    return this.#wrote;
  }

  /** Says that something changed that no flow shows: a slot, a hold, a queue, a runner. */
  write(): void {
    this.#wrote = true;
  }

  /** Says that the flow changes. */
  touch(flow: FlowRecord): void {
    this.#wrote = true;
    if (this.#changed.has(flow)) return;
    this.#changed.add(flow);
    flow.rev += 1;
  }

  /** Says that the task changes, and its flow with it. */
  touchTask(task: TaskRecord): void {
    this.touch(task.flow);
    task.rev = task.flow.rev;
  }

  /** Puts a task into another state, and keeps in step what follows from it. */
  move(task: TaskRecord, to: FlowTaskState): void {
    const { ready, delayed } = this.tables;
    const { counts } = task.flow;
    if (task.state === 'ready') ready.delete(task);
    if (task.availableAt !== null) {
      delayed.delete(task);
      task.availableAt = null;
    }
    task.progress = null;
    counts[task.state] -= 1;
    counts[to] += 1;
    task.state = to;
    if (to === 'ready') ready.add(task);
    if (isTerminalFlowTask(to)) task.endedAt = this.now;
    this.touchTask(task);
  }

  /** Puts a task off: it is ready again at `availableAt`; null for one that waits for ever. */
  postpone(task: TaskRecord, to: 'delayed' | 'waiting', availableAt: EpochMs | null): void {
    this.move(task, to);
    if (availableAt === null) return;
    task.availableAt = availableAt;
    this.tables.delayed.add(task);
  }

  /** The flows that changed, as they are now. */
  changed(): readonly ChangedFlow[] {
    return [...this.#changed].map(({ id, rev, state }) => ({
      flowId: id,
      rev,
      ended: state !== 'running',
    }));
  }
}
