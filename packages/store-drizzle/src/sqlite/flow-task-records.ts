import type {
  Attempt,
  EpochMs,
  FlowId,
  FlowTask,
  FlowTaskId,
  FlowTaskRef,
  ListFlowTasks,
  RunnerId,
  TaskFailure,
} from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { attemptEndOf, causeOf, ruleOf, TASK, taskStateOf } from './codes.ts';
import { endOfFlow, flowTaskIndexOf, flowTaskKey } from './flow-task-key.ts';
import type { Lanes } from './lanes.ts';

interface TaskRow {
  readonly key: number;
  readonly id: FlowTaskId;
  readonly laneKey: number;
  readonly state: number;
  readonly priority: number;
  readonly rule: number;
  readonly allowFailure: number;
  readonly attempt: number;
  readonly fence: number;
  readonly failure: string | null;
  readonly cause: number | null;
  readonly availableAt: EpochMs | null;
  readonly startedAt: EpochMs | null;
  readonly endedAt: EpochMs | null;
  readonly rev: number;
}

interface AttemptRow {
  readonly fence: number;
  readonly runnerId: RunnerId;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs | null;
  readonly end: number | null;
  readonly failure: string | null;
}

const SELECT = `select key, id, lane_key as laneKey, state, priority, rule,
    allow_failure as allowFailure, attempt, fence, failure, cause, available_at as availableAt,
    started_at as startedAt, ended_at as endedAt, rev
  from flow_task`;
const ALL_STATES = JSON.stringify(Object.values(TASK));

/** Reads flow tasks and their attempts as records. */
export class FlowTaskRecords {
  readonly #lanes: Lanes;
  readonly #flowKey: Statement<[FlowId], number>;
  readonly #byId: Statement<[number, FlowTaskId], TaskRow>;
  readonly #page: Statement<[number, number, string, number], TaskRow>;
  readonly #changed: Statement<[number, number, number], TaskRow>;
  readonly #attempts: Statement<{ key: number }, AttemptRow>;

  constructor(db: Database, lanes: Lanes) {
    this.#lanes = lanes;
    this.#flowKey = db.prepare<[FlowId], number>('select key from flow where id = ?').pluck();
    this.#byId = db.prepare(`${SELECT} indexed by flow_task_id where flow_key = ? and id = ?`);
    this.#page = db.prepare(
      `${SELECT} not indexed
       where key >= ? and key < ? and state in (select value from json_each(?))
       order by key limit ?`,
    );
    this.#changed = db.prepare(
      `${SELECT} not indexed where key >= ? and key < ? and rev > ? order by key`,
    );
    this.#attempts = db.prepare(
      `select a.fence, r.id as runnerId, a.started_at as startedAt, a.ended_at as endedAt,
         a.ended_as as "end", a.failure
       from attempt a join runner r on r.key = a.runner_key where a.task_key = $key
       union all
       select t.fence, r.id, t.started_at, null, null, null
       from flow_task t join runner r on r.key = t.runner_key where t.key = $key
       order by 1`,
    );
  }

  get({ flowId, taskId }: FlowTaskRef): FlowTask | null {
    const row = this.#find(flowId, taskId);
    return row === undefined ? null : this.#taskOf(row, flowId);
  }

  list({ flowId, states, limit, afterIndex = -1 }: ListFlowTasks): readonly FlowTask[] {
    const flowKey = this.#flowKey.get(flowId);
    if (flowKey === undefined) return [];
    const wanted =
      states === undefined ? ALL_STATES : JSON.stringify(states.map((state) => TASK[state]));
    const from = flowTaskKey(flowKey, afterIndex + 1);
    return this.#page
      .all(from, endOfFlow(flowKey), wanted, limit)
      .map((row) => this.#taskOf(row, flowId));
  }

  /** The tasks of the flow that changed after `rev`, by index. */
  changedSince(flowId: FlowId, rev: number): readonly FlowTask[] {
    const flowKey = this.#flowKey.get(flowId);
    if (flowKey === undefined) return [];
    return this.#changed
      .all(flowTaskKey(flowKey, 0), endOfFlow(flowKey), rev)
      .map((row) => this.#taskOf(row, flowId));
  }

  attempts({ flowId, taskId }: FlowTaskRef): readonly Attempt[] {
    const task = this.#find(flowId, taskId);
    return task === undefined ? [] : this.#attempts.all({ key: task.key }).map(attemptOf);
  }

  #find(flowId: FlowId, taskId: FlowTaskId): TaskRow | undefined {
    const flowKey = this.#flowKey.get(flowId);
    return flowKey === undefined ? undefined : this.#byId.get(flowKey, taskId);
  }

  #taskOf(row: TaskRow, flowId: FlowId): FlowTask {
    return {
      flowId,
      id: row.id,
      index: flowTaskIndexOf(row.key),
      executor: this.#lanes.get(row.laneKey).executor,
      state: taskStateOf(row.state),
      priority: row.priority,
      triggerRule: ruleOf(row.rule),
      allowFailure: row.allowFailure === 1,
      attempt: row.attempt,
      fence: row.fence,
      failure: failureOf(row.failure),
      cause: row.cause === null ? null : causeOf(row.cause),
      availableAt: row.availableAt,
      startedAt: row.startedAt,
      endedAt: row.endedAt,
      rev: row.rev,
    };
  }
}

function attemptOf({ end, failure, ...row }: AttemptRow): Attempt {
  return {
    ...row,
    end: end === null ? null : attemptEndOf(end),
    failure: failureOf(failure),
  };
}

function failureOf(json: string | null): TaskFailure | null {
  return json === null ? null : (JSON.parse(json) as TaskFailure);
}
