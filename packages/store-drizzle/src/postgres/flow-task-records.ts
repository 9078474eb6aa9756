import type {
  EpochMs,
  FlowChanges,
  FlowId,
  FlowTask,
  FlowTaskId,
  FlowTaskRef,
  ListFlowTasks,
  TaskFailure,
} from '@tasked/core';
import { causeOf, ruleOf, TASK, taskStateOf } from '../encoding/codes.ts';
import { progressOf } from '../encoding/encoded-report.ts';
import type { Database } from './database.ts';

interface TaskRow {
  readonly flowId: FlowId;
  readonly id: FlowTaskId;
  readonly index: number;
  readonly executor: string;
  readonly state: number;
  readonly priority: number;
  readonly rule: number;
  readonly allowFailure: boolean;
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

const SELECT = `select f.id as "flowId", t.id, (t.key & 1048575)::integer as index, l.executor, t.state,
    t.priority, t.rule, t.allow_failure as "allowFailure", t.attempt, t.fence, t.failure, t.progress, t.cause,
    t.available_at as "availableAt", t.started_at as "startedAt", t.ended_at as "endedAt", t.rev
  from @flow f join @flow_task t on t.flow_key = f.key join @lane l on l.key = t.lane_key`;
const ALL_STATES = JSON.stringify(Object.values(TASK));

/** Reads flow tasks as records. */
export class FlowTaskRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async get({ flowId, taskId }: FlowTaskRef): Promise<FlowTask | null> {
    const row = await this.#db.row<TaskRow>(`${SELECT} where f.id = $1 and t.id = $2`, [
      flowId,
      taskId,
    ]);
    return row && taskOf(row);
  }

  async list({ flowId, states, limit, afterIndex }: ListFlowTasks): Promise<readonly FlowTask[]> {
    const wanted =
      states === undefined ? ALL_STATES : JSON.stringify(states.map((state) => TASK[state]));
    const rows = await this.#db.query<TaskRow>(
      `${SELECT} where f.id = $1 and t.key > f.key * 1048576 + $2 and t.key < (f.key + 1) * 1048576
         and t.state::text in (select json_array_elements_text($3::text::json))
       order by t.key limit $4`,
      [flowId, afterIndex ?? -1, wanted, limit],
    );
    return rows.map(taskOf);
  }

  /** The tasks of a flow that changed after `rev`, by index, and not after `until`. */
  async changedSince(flowId: FlowId, rev: number): Promise<FlowChanges['tasks']> {
    const rows = await this.#db.query<TaskRow>(
      `${SELECT} where f.id = $1 and t.key >= f.key * 1048576 and t.key < (f.key + 1) * 1048576
         and t.rev > $2
       order by t.key`,
      [flowId, rev],
    );
    return rows.map(taskOf);
  }
}

function taskOf(row: TaskRow): FlowTask {
  return {
    flowId: row.flowId,
    id: row.id,
    index: row.index,
    executor: row.executor,
    state: taskStateOf(row.state),
    priority: row.priority,
    triggerRule: ruleOf(row.rule),
    allowFailure: row.allowFailure,
    attempt: row.attempt,
    fence: row.fence,
    failure: row.failure === null ? null : (JSON.parse(row.failure) as TaskFailure),
    cause: row.cause === null ? null : causeOf(row.cause),
    availableAt: row.availableAt,
    progress: progressOf(row.progress),
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    rev: row.rev,
  };
}
