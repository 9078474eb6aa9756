import type { Claim, ClaimedAttempt } from '@tasked/core';
import { claimTurn, decodeJson } from '@tasked/core';
import { openAttempt } from './attempts.ts';
import { resumeOf } from './resume.ts';
import type { RunnerRecord } from './runner-record.ts';
import type { TaskRecord } from './task-record.ts';
import type { Transaction } from './transaction.ts';

/** What a claim got, and whether its limit was all that kept it from more. */
export interface Claimed {
  readonly claimed: readonly ClaimedAttempt[];
  readonly more: boolean;
}

/** Hands out what may start, in the order of `WorkStore.advance`. */
export function claim(tx: Transaction, runner: RunnerRecord, wanted: Claim): Claimed {
  const { ready } = tx.tables;
  const lanes = ready.lanes(wanted);
  const claimed: ClaimedAttempt[] = [];
  while (claimed.length < wanted.limit) {
    const turn = ready.turn(
      lanes,
      Math.min(wanted.limit - claimed.length, claimTurn(wanted.limit)),
    );
    if (turn.length === 0) break;
    for (const task of turn) claimed.push(start(tx, runner, task));
  }
  return { claimed, more: lanes.some((lane) => lane.priority !== null) };
}

function start(tx: Transaction, runner: RunnerRecord, task: TaskRecord): ClaimedAttempt {
  const { flow } = task;
  tx.move(task, 'running');
  task.attempt += 1;
  task.startedAt = tx.now;
  openAttempt(tx, task, runner);
  return {
    ref: { flowId: flow.id, taskId: task.id, fence: task.fence },
    attempt: task.attempt,
    owner: flow.owner,
    queue: flow.queue.name,
    executor: task.executor,
    config: decodeJson(task.configText),
    input: decodeJson(task.inputText),
    needs: task.needs,
    retry: task.retry,
    timeoutMs: task.timeoutMs,
    resume: resumeOf(task),
  };
}
