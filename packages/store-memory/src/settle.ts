import {
  type AttemptRef,
  encodeJson,
  type Settlement,
  type TaskFailure,
  type Verdict,
  verdict,
} from '@tasked/core';
import { endAttempt } from './attempts.ts';
import { carryEnds } from './fates.ts';
import { endEarly, endIfDone } from './flow-end.ts';
import { type RequestTexts, requestTexts, waitForInputs } from './inputs.ts';
import type { RunnerRecord } from './runner-record.ts';
import type { TaskRecord } from './task-record.ts';
import type { Transaction } from './transaction.ts';

/** Commits how attempts of one runner ended, and all that follows; returns those that are rejected. */
export function settle(
  tx: Transaction,
  runner: RunnerRecord,
  settlements: readonly Settlement[],
): readonly AttemptRef[] {
  const encoded = settlements.map(encode);
  const rejected: AttemptRef[] = [];
  const ended: (readonly [TaskRecord, Verdict])[] = [];
  for (const one of encoded) {
    const { attempt } = one.settlement;
    const task = tx.tables.task(attempt);
    const held = task?.holder === runner && task.fence === attempt.fence;
    if (!held || !settleAttempt(tx, task, one)) {
      rejected.push(attempt);
      continue;
    }
    task.outputText = one.output;
    const { state, allowFailure, cause } = task;
    if (state === 'succeeded' || state === 'failed') {
      ended.push([task, verdict({ state, allowFailure, cause })]);
    }
  }
  followUp(tx, ended);
  return rejected;
}

/** Settles an attempt that is held; false when the settlement is rejected all the same. */
function settleAttempt(
  tx: Transaction,
  task: TaskRecord,
  { settlement, requests }: EncodedSettlement,
): boolean {
  const { kind } = settlement;
  if (task.state === 'cancelled') {
    endAttempt(tx, task, 'stopped');
    return kind === 'stopped';
  }
  if (kind === 'stopped') return false;
  const failure = 'failure' in settlement ? copyOf(settlement.failure) : null;
  endAttempt(tx, task, kind, failure);
  if (failure !== null || kind === 'succeeded') task.failure = failure;
  switch (kind) {
    case 'succeeded':
      tx.move(task, 'succeeded');
      break;
    case 'failed':
      if (!task.allowFailure) task.flow.fatalCount += 1;
      tx.move(task, 'failed');
      break;
    case 'retry':
      tx.postpone(task, 'delayed', settlement.availableAt);
      break;
    case 'snooze':
      task.attempt -= 1;
      tx.postpone(task, 'delayed', settlement.availableAt);
      break;
    case 'waiting':
      task.attempt -= 1;
      waitForInputs(tx, task, { requests, deadlineAt: settlement.deadlineAt });
      break;
    case 'released':
      if (!settlement.spent) task.attempt -= 1;
      tx.move(task, 'ready');
      break;
  }
  return true;
}

function followUp(tx: Transaction, ended: readonly (readonly [TaskRecord, Verdict])[]): void {
  carryEnds(tx, ended);
  for (const flow of new Set(ended.map(([task]) => task.flow))) {
    if (flow.failFast && flow.fatalCount > 0) endEarly(tx, flow, 'failed');
    else endIfDone(tx, flow);
  }
}

/** A settlement and the texts of what is stored of it; whatever is no JSON shows before the first change. */
interface EncodedSettlement {
  readonly settlement: Settlement;
  readonly output: string | null;
  readonly requests: RequestTexts;
}

function encode(settlement: Settlement): EncodedSettlement {
  return {
    settlement,
    output: outputText(settlement),
    requests: requestTexts(settlement),
  };
}

function outputText(settlement: Settlement): string | null {
  if (!('output' in settlement)) return null;
  return encodeJson(settlement.output, `the output of task ${settlement.attempt.taskId}`);
}

function copyOf({ code, message, retryable }: TaskFailure): TaskFailure {
  return Object.freeze({ code, message, retryable });
}
