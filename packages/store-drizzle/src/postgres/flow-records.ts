import type { EpochMs, Flow, FlowCounts, FlowId, ListFlows, Owner, QueueName } from '@tasked/core';
import { FLOW, flowStateOf } from '../encoding/codes.ts';
import { COUNT_COLUMNS } from '../encoding/flow-counts.ts';
import type { Database, Parameter } from './database.ts';

interface FlowRow extends FlowCounts {
  readonly id: FlowId;
  readonly owner: Owner;
  readonly queue: QueueName;
  readonly state: number;
  readonly rev: number;
  readonly taskCount: number;
  readonly fatalCount: number;
  readonly inputCount: number;
  readonly failFast: boolean;
  readonly createdAt: EpochMs;
  readonly ttlMs: number | null;
  readonly endedAt: EpochMs | null;
}

const SELECT = `select f.id, f.owner, q.name as queue, f.state, f.rev, f.task_count as "taskCount",
    f.fatal_count as "fatalCount", f.input_count as "inputCount", f.fail_fast as "failFast", f.created_at as "createdAt",
    f.ttl_ms as "ttlMs", f.ended_at as "endedAt", ${COUNT_COLUMNS.map((column) => `f.${column}`).join(', ')}
  from @flow f join @queue q on q.key = f.queue_key`;

/** Reads flows as `Flow` records. */
export class FlowRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async get(id: FlowId): Promise<Flow | null> {
    const row = await this.#db.row<FlowRow>(`${SELECT} where f.id = $1`, [id]);
    return row && flowOf(row);
  }

  async list({ owner, queue, state, limit, after }: ListFlows): Promise<readonly Flow[]> {
    const parameters: Parameter[] = [owner, limit];
    const conditions = ['f.owner = $1'];
    const given = (value: Parameter) => `$${parameters.push(value)}`;
    if (queue !== undefined) {
      conditions.push(`f.queue_key = (select key from @queue where name = ${given(queue)})`);
    }
    if (state !== undefined) conditions.push(`f.state = ${given(FLOW[state])}`);
    if (after !== undefined) {
      conditions.push(
        `(f.created_at, f.id collate "C") < (${given(after.createdAt)}, ${given(after.id)})`,
      );
    }
    const rows = await this.#db.query<FlowRow>(
      `${SELECT} where ${conditions.join(' and ')}
       order by f.created_at desc, f.id collate "C" desc limit $2`,
      parameters,
    );
    return rows.map(flowOf);
  }
}

function flowOf(row: FlowRow): Flow {
  const counts = {} as Record<keyof FlowCounts, number>;
  for (const state of COUNT_COLUMNS) counts[state] = row[state];
  return {
    id: row.id,
    owner: row.owner,
    queue: row.queue,
    state: flowStateOf(row.state),
    rev: row.rev,
    counts,
    taskCount: row.taskCount,
    fatalCount: row.fatalCount,
    inputCount: row.inputCount,
    failFast: row.failFast,
    createdAt: row.createdAt,
    ttlMs: row.ttlMs,
    endedAt: row.endedAt,
  };
}
