import {
  type Claim,
  type ClaimedAttempt,
  claimTurn,
  type EpochMs,
  type FlowTaskId,
  type JsonObject,
  type JsonValue,
  type Resume,
} from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { TASK } from '../../encoding/codes.ts';
import { endOfFlow, flowKeyOf } from '../../encoding/flow-task-key.ts';
import type { Attempts } from '../attempts.ts';
import type { Inputs } from '../inputs.ts';
import type { Lane, Lanes } from '../lanes.ts';
import type { Heir } from './following.ts';
import type { Ledger } from './ledger.ts';
import type { FlowAccount } from './ledger-statements.ts';
import { type ReadyTask, ReadyWork } from './ready-work.ts';
import type { TickDraft } from './tick-draft.ts';

/** What claims share with the other calls. */
export interface ClaimingParts {
  readonly lanes: Lanes;
  readonly attempts: Attempts;
  readonly inputs: Inputs;
}

/** What a claim got. */
export interface Claims {
  readonly claimed: readonly ClaimedAttempt[];
  /** As in `TickResult`. */
  readonly more: boolean;
}

/** A lane that a claim may still take from. */
interface OpenLane {
  readonly lane: Lane;
  readonly laneKey: number;
  /** No ready task of the lane has a lower one. */
  priority: number;
  /** The lane's first ready task of that priority, as far as nothing was taken since the lane was looked at. */
  firstKey: number | null;
}

/**
 * Hands out ready tasks: lowest priority first, lanes in turn, flows of a lane in turn (see
 * `WorkStore.advance`). Whose turn it was last is remembered in this process alone, since fairness needs
 * no commit.
 */
export class Claiming {
  readonly #lanes: Lanes;
  readonly #attempts: Attempts;
  readonly #inputs: Inputs;
  readonly #work: ReadyWork;
  readonly #claim: Statement<[number, EpochMs, number, number, number, number, number]>;
  readonly #claimHeir: Statement<[number, number, number, EpochMs, number, number]>;
  #lastLane = 0;
  /** By lane: the flow that was served last. */
  readonly #lastFlows = new Map<number, number>();

  constructor(db: Database, { lanes, attempts, inputs }: ClaimingParts) {
    this.#lanes = lanes;
    this.#attempts = attempts;
    this.#inputs = inputs;
    this.#work = new ReadyWork(db);
    this.#claim = db.prepare(
      `update flow_task indexed by flow_task_ready
       set state = ${TASK.running}, attempt = attempt + 1, fence = fence + 1, runner_key = ?,
         started_at = ?, attempt_end = null, attempt_ended_at = null, rev = ?
       where state = ${TASK.ready} and lane_key = +? and priority = +?
         and key >= +? and key <= +?`,
    );
    this.#claimHeir = db.prepare(
      `update flow_task not indexed
       set state = ${TASK.running}, open = 0, failed = ?, skipped = ?, attempt = attempt + 1,
         fence = fence + 1, runner_key = ?, started_at = ?, attempt_end = null,
         attempt_ended_at = null, rev = ?
       where key = ?`,
    );
  }

  /** True when there is a task that the claim could get if its limit allowed. */
  hasWork(claim: Claim, ledger: Ledger): boolean {
    return this.#openLanes(claim, ledger).length > 0;
  }

  /**
   * Claims a task that nobody has written as ready yet, provided that the claim wants it; otherwise null, and nothing was
   * done. MUST be called only when no other task is ready: then it is that task's turn.
   */
  claimHeir(heir: Heir, claim: Claim, tick: TickDraft): ClaimedAttempt | null {
    const { laneKey, ...task } = this.#work.one(heir.key);
    const lane = this.#lanes.get(laneKey);
    if (!wants(claim, lane)) return null;
    const { ledger, runnerKey, now } = tick;
    const flow = ledger.flow(flowKeyOf(heir.key));
    if (ledger.room(lane.queueKey) === 0) return null;
    const attempt = attemptOf(task, flow, lane, this.#leaveBehind(task));
    this.#claimHeir.run(heir.failed, heir.skipped, runnerKey, now, flow.rev, heir.key);
    ledger.move(flow, TASK.blocked, TASK.running);
    ledger.takeSlots(lane.queueKey, 1);
    this.#lastLane = laneKey;
    this.#lastFlows.set(laneKey, flow.key);
    return attempt;
  }

  /** Claims what `claim` allows. */
  claim(claim: Claim, tick: TickDraft): Claims {
    const claimed: ClaimedAttempt[] = [];
    const lanes = new Set(this.#openLanes(claim, tick.ledger));
    while (lanes.size > 0 && claimed.length < claim.limit) {
      const open = this.#whoseTurn(lanes);
      const room = Math.min(claimTurn(claim.limit), claim.limit - claimed.length);
      if (!this.#serve(open, room, { tick, claimed })) lanes.delete(open);
    }
    return { claimed, more: [...lanes].some((open) => this.#canServe(open, tick.ledger)) };
  }

  /** Lanes with ready work that the claim wants and whose queue has room, in the order of their keys. */
  #openLanes(claim: Claim, ledger: Ledger): readonly OpenLane[] {
    const open: OpenLane[] = [];
    for (const { laneKey, priority, firstKey } of this.#work.lanes()) {
      const lane = this.#lanes.get(laneKey);
      if (!wants(claim, lane)) continue;
      if (ledger.room(lane.queueKey) > 0) open.push({ lane, laneKey, priority, firstKey });
    }
    return open;
  }

  /** Of the lanes with the most urgent work, the one that comes after the one served last. */
  #whoseTurn(lanes: Iterable<OpenLane>): OpenLane {
    let first: OpenLane | undefined;
    for (const open of lanes) {
      if (first === undefined || this.#comesBefore(open, first)) first = open;
    }
    return first as OpenLane;
  }

  #comesBefore(a: OpenLane, b: OpenLane): boolean {
    if (a.priority !== b.priority) return a.priority < b.priority;
    const aWaits = a.laneKey > this.#lastLane;
    const bWaits = b.laneKey > this.#lastLane;
    return aWaits === bWaits ? a.laneKey < b.laneKey : aWaits;
  }

  /** Gives a lane its turn, which is one flow's; false when the lane can give no more in this tick. */
  #serve(
    open: OpenLane,
    limit: number,
    { tick, claimed }: { readonly tick: TickDraft; readonly claimed: ClaimedAttempt[] },
  ): boolean {
    const room = Math.min(limit, tick.ledger.room(open.lane.queueKey));
    if (room === 0) return false;
    const from = this.#nextFlow(open);
    if (from === null) return this.#canServe(open, tick.ledger);
    const flow = tick.ledger.flow(flowKeyOf(from));
    const tasks = this.#work.between(open, { from, below: endOfFlow(flow.key) }, room);
    for (const task of tasks) {
      claimed.push(attemptOf(task, flow, open.lane, this.#leaveBehind(task)));
    }
    const last = (tasks.at(-1) as ReadyTask).key;
    this.#claim.run(tick.runnerKey, tick.now, flow.rev, open.laneKey, open.priority, from, last);
    tick.ledger.move(flow, TASK.ready, TASK.running, tasks.length);
    tick.ledger.takeSlots(open.lane.queueKey, tasks.length);
    this.#lastLane = open.laneKey;
    this.#lastFlows.set(open.laneKey, flow.key);
    open.firstKey = null;
    // A flow that gave less than it could has run dry, and maybe the lane with it.
    if (tasks.length < room) return this.#canServe(open, tick.ledger);
    return tick.ledger.room(open.lane.queueKey) > 0;
  }

  /** Makes room for the next attempt of a task; returns what the ones before left for it. */
  #leaveBehind({ key, fence }: ReadyTask): Resume | null {
    if (fence === 0) return null;
    this.#attempts.archive(key);
    return this.#inputs.resumeOf(key);
  }

  /** The first ready task of the flow whose turn it is; null when the lane's priority has run dry. */
  #nextFlow(open: OpenLane): number | null {
    const last = this.#lastFlows.get(open.laneKey);
    const after = last === undefined ? null : this.#work.firstFrom(open, endOfFlow(last));
    return after ?? open.firstKey ?? this.#work.firstFrom(open, 0);
  }

  /** Looks at a lane anew: how urgent its work is now, and whether it can give any. */
  #canServe(open: OpenLane, ledger: Ledger): boolean {
    if (ledger.room(open.lane.queueKey) === 0) return false;
    const head = this.#work.head(open.laneKey);
    if (head === null) return false;
    open.priority = head.priority;
    open.firstKey = head.firstKey;
    return true;
  }
}

/** Whether tasks of the lane are for whoever claims. */
function wants({ executors, queues }: Claim, { executor, queue }: Lane): boolean {
  return executors.includes(executor) && (queues === undefined || queues.includes(queue));
}

function attemptOf(
  task: ReadyTask,
  flow: FlowAccount,
  lane: Lane,
  resume: Resume | null,
): ClaimedAttempt {
  const { retries, backoffMs, maxBackoffMs } = task;
  return {
    ref: { flowId: flow.id, taskId: task.id, fence: task.fence + 1 },
    attempt: task.attempt + 1,
    owner: flow.owner,
    queue: lane.queue,
    executor: lane.executor,
    config: JSON.parse(task.config) as JsonObject,
    input: JSON.parse(task.input) as JsonValue,
    needs: task.needs === null ? [] : (JSON.parse(task.needs) as FlowTaskId[]),
    retry: { retries, backoffMs, maxBackoffMs },
    timeoutMs: task.timeoutMs,
    resume,
  };
}
