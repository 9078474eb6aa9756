import type {
  EpochMs,
  FlowId,
  FlowTask,
  FlowTaskId,
  FlowTaskRef,
  ListFlowTasks,
  TaskFailure,
} from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { causeOf, ruleOf, TASK, taskStateOf } from '../encoding/codes.ts';
import { progressOf } from '../encoding/encoded-report.ts';
import { endOfFlow, flowTaskIndexOf, flowTaskKey } from '../encoding/flow-task-key.ts';
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
  readonly progress: string | null;
  readonly cause: number | null;
  readonly availableAt: EpochMs | null;
  readonly startedAt: EpochMs | null;
  readonly endedAt: EpochMs | null;
  readonly rev: number;
}

const SELECT = `select key, id, lane_key as laneKey, state, priority, rule,
    allow_failure as allowFailure, attempt, fence, failure, progress, cause, available_at as availableAt,
    started_at as startedAt, ended_at as endedAt, rev
  from flow_task`;
const ALL_STATES = JSON.stringify(Object.values(TASK));

/** Reads flow tasks as records. */
export class FlowTaskRecords {
  readonly #lanes: Lanes;
  readonly #flowKey: Statement<[FlowId], number>;
  readonly #byId: Statement<[number, FlowTaskId], TaskRow>;
  readonly #page: Statement<[number, number, string, number], TaskRow>;
  readonly #changed: Statement<[number, number, number], TaskRow>;

  constructor(db: Database, lanes: Lanes) {
    this.#lanes = lanes;
    this.#flowKey = db.prepare<[FlowId], number>('select key from flow where id = ?').pluck();
    this.#byId = db.prepare(`${SELECT} indexed by flow_task_id where flow_key = ? and id = ?`);
    this.#page = db.prepare(
      `${SELECT} not indexed
       where key >= +? and key < +? and state in (select value from json_each(+?))
       order by key limit +?`,
    );
    this.#changed = db.prepare(
      `${SELECT} not indexed where key >= +? and key < +? and rev > +? order by key`,
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

  keyOf({ flowId, taskId }: FlowTaskRef): number | null {
    return this.#find(flowId, taskId)?.key ?? null;
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
      progress: progressOf(row.progress),
      startedAt: row.startedAt,
      endedAt: row.endedAt,
      rev: row.rev,
    };
  }
}

function failureOf(json: string | null): TaskFailure | null {
  return json === null ? null : (JSON.parse(json) as TaskFailure);
}
