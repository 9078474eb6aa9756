import { type FlowState, flowEnd, isTerminalFlowTask } from '@tasked/core';
import type { FlowRecord } from './flow-record.ts';
import type { Transaction } from './transaction.ts';

/** Ends a running flow once every task of it has ended. */
export function endIfDone(tx: Transaction, flow: FlowRecord): void {
  const state = flow.state === 'running' ? flowEnd(flow.counts, flow.fatalCount) : null;
  if (state !== null) end(tx, flow, state);
}

/** Ends a running flow at once and cancels what has not ended; running tasks keep their slots. */
export function endEarly(tx: Transaction, flow: FlowRecord, state: 'cancelled' | 'failed'): void {
  for (const task of flow.tasks) {
    if (isTerminalFlowTask(task.state)) continue;
    task.holder?.stopping.add(task);
    tx.move(task, 'cancelled');
  }
  end(tx, flow, state);
}

function end(tx: Transaction, flow: FlowRecord, state: FlowState): void {
  flow.state = state;
  flow.endedAt = tx.now;
  tx.tables.ended.add(flow);
  tx.touch(flow);
}
