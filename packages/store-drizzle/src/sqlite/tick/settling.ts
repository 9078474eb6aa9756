import { type EpochMs, type Settlement, verdict } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { END, TASK } from '../codes.ts';
import type { Lanes } from '../lanes.ts';
import type { FlowAccount } from './ledger-statements.ts';
import type { TickDraft } from './tick-draft.ts';

interface HeldTask {
  readonly key: number;
  readonly state: number;
  readonly fence: number;
  readonly attempt: number;
  readonly runnerKey: number | null;
  readonly laneKey: number;
  readonly allowFailure: number;
  readonly startedAt: EpochMs;
}

/** Records how attempts ended. */
export class Settling {
  readonly #lanes: Lanes;
  readonly #find: Statement<[number, string], HeldTask>;
  readonly #end: Statement<[number, number, EpochMs, string | null, number]>;
  readonly #retry: Statement<[number, EpochMs, string, number]>;
  readonly #putBack: Statement<[number, number, EpochMs | null, number, number]>;
  readonly #stop: Statement<[number]>;
  readonly #insertAttempt: Statement<unknown[]>;
  readonly #insertOutput: Statement<[number, string]>;

  constructor(db: Database, lanes: Lanes) {
    this.#lanes = lanes;
    this.#find = db.prepare(
      `select key, state, fence, attempt, runner_key as runnerKey, lane_key as laneKey,
         allow_failure as allowFailure, started_at as startedAt
       from flow_task indexed by flow_task_id where flow_key = ? and id = ?`,
    );
    this.#end = db.prepare(
      `update flow_task set state = ?, runner_key = null, rev = ?, ended_at = ?, failure = ?
       where key = ?`,
    );
    this.#retry = db.prepare(
      `update flow_task set state = ${TASK.delayed}, runner_key = null, rev = ?, available_at = ?,
         failure = ?
       where key = ?`,
    );
    this.#putBack = db.prepare(
      `update flow_task set state = ?, runner_key = null, rev = ?, available_at = ?, attempt = ?
       where key = ?`,
    );
    this.#stop = db.prepare('update flow_task set runner_key = null where key = ?');
    this.#insertAttempt = db.prepare(
      `insert into attempt (task_key, fence, runner_key, started_at, ended_at, ended_as, failure)
       values (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#insertOutput = db.prepare('insert into output (task_key, json) values (?, ?)');
  }

  /** False when the settlement does not count (`TickResult.rejected`). */
  settle(settlement: Settlement, tick: TickDraft): boolean {
    const { flowId, taskId, fence } = settlement.attempt;
    const flow = tick.ledger.flowById(flowId);
    const task = flow === null ? undefined : this.#find.get(flow.key, taskId);
    if (flow === null || task?.runnerKey !== tick.runnerKey || task.fence !== fence) return false;
    if (task.state === TASK.cancelled) {
      this.#close(task, 'stopped', null, tick);
      this.#stop.run(task.key);
      return settlement.kind === 'stopped';
    }
    if (settlement.kind === 'stopped') return false;
    const failure = 'failure' in settlement ? JSON.stringify(settlement.failure) : null;
    this.#close(task, settlement.kind, failure, tick);
    switch (settlement.kind) {
      case 'succeeded':
      case 'failed':
        this.#end.run(TASK[settlement.kind], flow.rev, tick.now, failure, task.key);
        this.#insertOutput.run(task.key, JSON.stringify(settlement.output));
        this.#ended(task, settlement.kind, flow, tick);
        return true;
      case 'retry':
        this.#retry.run(flow.rev, settlement.availableAt, failure as string, task.key);
        tick.ledger.move(flow, TASK.running, TASK.delayed);
        return true;
      case 'snooze':
        this.#putBack.run(
          TASK.delayed,
          flow.rev,
          settlement.availableAt,
          task.attempt - 1,
          task.key,
        );
        tick.ledger.move(flow, TASK.running, TASK.delayed);
        return true;
      case 'released': {
        const spent = settlement.spent ? task.attempt : task.attempt - 1;
        this.#putBack.run(TASK.ready, flow.rev, null, spent, task.key);
        tick.ledger.move(flow, TASK.running, TASK.ready);
        return true;
      }
    }
  }

  /** Closes the attempt's row and frees its slot. */
  #close(task: HeldTask, how: keyof typeof END, failure: string | null, tick: TickDraft): void {
    const { key, fence, startedAt } = task;
    this.#insertAttempt.run(key, fence, tick.runnerKey, startedAt, tick.now, END[how], failure);
    tick.ledger.freeSlot(this.#lanes.get(task.laneKey).queueKey);
  }

  #ended(task: HeldTask, state: 'succeeded' | 'failed', flow: FlowAccount, tick: TickDraft): void {
    const allowFailure = task.allowFailure === 1;
    tick.ledger.move(flow, TASK.running, TASK[state]);
    tick.ended.push([task.key, verdict({ state, allowFailure, cause: null })]);
    if (state === 'succeeded' || allowFailure) return;
    flow.fatalCount += 1;
    if (flow.failFast) tick.failedFast.add(flow.key);
  }
}
