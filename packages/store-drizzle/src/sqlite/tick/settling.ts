import { type EpochMs, type Settlement, verdict } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { END, TASK } from '../../encoding/codes.ts';
import type { EncodedSettlement } from '../../encoding/encoded-settlement.ts';
import { isShortOutput } from '../../encoding/short-output.ts';
import type { Inputs } from '../inputs.ts';
import type { Lanes } from '../lanes.ts';
import type { FlowAccount } from './ledger-statements.ts';
import { runsOf } from './runs.ts';
import type { SettledTask, TickDraft } from './tick-draft.ts';

/** What must be known of a task to settle its attempt. */
interface AttemptedTask {
  readonly key: number;
  readonly laneKey: number;
  readonly state: number;
  readonly attempt: number;
  readonly fence: number;
  readonly runnerKey: number | null;
  readonly attemptEnd: number | null;
  readonly allowFailure: number;
  readonly failure: string | null;
  readonly dependents: string | null;
}

/** Records how attempts ended. */
export class Settling {
  readonly #lanes: Lanes;
  readonly #inputs: Inputs;
  readonly #find: Statement<[number, string], AttemptedTask>;
  readonly #settle: Statement<unknown[]>;
  readonly #settleOne: Statement<unknown[]>;
  readonly #stop: Statement<[EpochMs, number]>;
  readonly #insertOutput: Statement<[number, string]>;

  constructor(db: Database, { lanes, inputs }: { readonly lanes: Lanes; readonly inputs: Inputs }) {
    this.#lanes = lanes;
    this.#inputs = inputs;
    this.#find = db.prepare(
      `select key, lane_key as laneKey, state, attempt, fence, runner_key as runnerKey,
         attempt_end as attemptEnd, allow_failure as allowFailure, failure, dependents
       from flow_task indexed by flow_task_id where flow_key = ? and id = ?`,
    );
    const settle = `update flow_task not indexed set state = ?, attempt = ?, available_at = ?,
      failure = ?, output = ?, ended_at = ?, attempt_end = ?, attempt_ended_at = ?, progress = null, rev = ?`;
    this.#settle = db.prepare(`${settle} where key >= ? and key <= ?`);
    this.#settleOne = db.prepare(`${settle} where key = ?`);
    this.#stop = db.prepare(
      `update flow_task set attempt_end = ${END.stopped}, attempt_ended_at = ? where key = ?`,
    );
    this.#insertOutput = db.prepare('insert into output (task_key, json) values (?, ?)');
  }

  /**
   * False when the settlement does not count (`TickResult.rejected`). What does is gathered in the tick:
   * `write` MUST follow, before anything reads the tasks again.
   */
  settle(encoded: EncodedSettlement, tick: TickDraft): boolean {
    const { attempt, kind } = encoded.settlement;
    const flow = tick.ledger.flowById(attempt.flowId);
    const task = flow === null ? undefined : this.#find.get(flow.key, attempt.taskId);
    if (flow === null || task === undefined) return false;
    if (task.runnerKey !== tick.runnerKey || task.attemptEnd !== null) return false;
    if (tick.settled.has(task.key)) return false;
    const cancelled = task.state === TASK.cancelled;
    if (task.fence !== attempt.fence || (kind === 'stopped' && !cancelled)) return false;
    tick.ledger.freeSlot(this.#lanes.get(task.laneKey).queueKey);
    if (cancelled) this.#stop.run(tick.now, task.key);
    else this.#record(encoded, task, { flow, tick });
    return !cancelled || kind === 'stopped';
  }

  /** Writes the tasks that were settled, neighbours that ended alike by one statement. */
  write({ settled, now }: TickDraft): void {
    for (const { first, lastKey } of runsOf([...settled.values()], endedAlike)) {
      const { key, state, attempt, availableAt, failure, output, endedAt, attemptEnd, rev } = first;
      const values = [state, attempt, availableAt, failure, output, endedAt, attemptEnd, now, rev];
      // A statement that may write several rows keeps their pages as they were, to undo itself: 4 µs.
      if (key === lastKey) this.#settleOne.run(...values, key);
      else this.#settle.run(...values, key, lastKey);
    }
  }

  #record(
    encoded: EncodedSettlement,
    task: AttemptedTask,
    { flow, tick }: { readonly flow: FlowAccount; readonly tick: TickDraft },
  ): void {
    const { settlement, output, failure } = encoded;
    const { kind } = settlement;
    const state = this.#stateAfter(encoded, { taskKey: task.key, flowKey: flow.key });
    const isShort = output !== null && isShortOutput(output);
    tick.settled.set(task.key, {
      key: task.key,
      state,
      attempt: isSpent(settlement) ? task.attempt : task.attempt - 1,
      availableAt: availableAt(settlement, state),
      failure: kind === 'succeeded' ? null : (failure ?? task.failure),
      output: isShort ? output : null,
      endedAt: output === null ? null : tick.now,
      attemptEnd: END[kind],
      rev: flow.rev,
    });
    tick.ledger.move(flow, TASK.running, state);
    if (output === null) return;
    if (!isShort) this.#insertOutput.run(task.key, output);
    this.#end(kind === 'succeeded' ? kind : 'failed', task, { flow, tick });
  }

  /** The code of the state after an attempt; one that waits asks its questions here. */
  #stateAfter(
    { settlement, requests }: EncodedSettlement,
    keys: { readonly taskKey: number; readonly flowKey: number },
  ): number {
    if (requests !== null && this.#inputs.ask(requests, keys) === 0) return TASK.ready;
    return TASK[STATE_AFTER[settlement.kind]];
  }

  /** Accounts for a task that has ended. */
  #end(
    state: 'succeeded' | 'failed',
    { key, allowFailure, dependents }: AttemptedTask,
    { flow, tick }: { readonly flow: FlowAccount; readonly tick: TickDraft },
  ): void {
    const how = verdict({ state, allowFailure: allowFailure === 1, cause: null });
    tick.ended.push({ key, how, dependents });
    if (how !== 'failure') return;
    flow.fatalCount += 1;
    if (flow.failFast) tick.failedFast.add(flow.key);
  }
}

/** The end follows from how the attempt ended. */
function endedAlike(a: SettledTask, b: SettledTask): boolean {
  return (
    a.state === b.state &&
    a.attempt === b.attempt &&
    a.availableAt === b.availableAt &&
    a.failure === b.failure &&
    a.output === b.output &&
    a.attemptEnd === b.attemptEnd
  );
}

/** The state of a task after its attempt; `stopped` leaves a task cancelled, which it was before. */
const STATE_AFTER = {
  succeeded: 'succeeded',
  failed: 'failed',
  retry: 'delayed',
  snooze: 'delayed',
  waiting: 'waiting',
  released: 'ready',
  stopped: 'cancelled',
} as const satisfies Record<Settlement['kind'], keyof typeof TASK>;

function isSpent(settlement: Settlement): boolean {
  const { kind } = settlement;
  if (kind === 'released') return settlement.spent;
  return kind !== 'snooze' && kind !== 'waiting';
}

/** When a task that is in this state (a code) after its attempt is ready by itself. */
function availableAt(settlement: Settlement, state: number): EpochMs | null {
  if (settlement.kind === 'waiting') return state === TASK.waiting ? settlement.deadlineAt : null;
  return 'availableAt' in settlement ? settlement.availableAt : null;
}
