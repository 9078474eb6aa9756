import type { EpochMs, Flow, FlowId, ListFlows, Owner, QueueName } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { FLOW, flowStateOf } from '../encoding/codes.ts';
import { COUNT_COLUMNS, type CountsByCode, flowCountsOf } from '../encoding/flow-counts.ts';

type FlowRow = readonly [
  id: FlowId,
  owner: Owner,
  queue: QueueName,
  state: number,
  rev: number,
  taskCount: number,
  fatalCount: number,
  inputCount: number,
  failFast: number,
  createdAt: EpochMs,
  ttlMs: number | null,
  endedAt: EpochMs | null,
  ...counts: CountsByCode,
];

const SELECT = `select f.id, f.owner, q.name, f.state, f.rev, f.task_count, f.fatal_count,
    f.input_count, f.fail_fast, f.created_at, f.ttl_ms, f.ended_at, ${COUNT_COLUMNS.map((column) => `f.${column}`).join(', ')}
  from flow f`;
const JOIN = 'cross join queue q on q.key = f.queue_key';
const PAGE = `and (f.created_at, f.id) < (+?, +?) order by f.created_at desc, f.id desc limit +?`;

/** Comes before every flow in a list. */
const START = { createdAt: Number.MAX_SAFE_INTEGER, id: '' };

/** Reads flows as `Flow` records. */
export class FlowRecords {
  readonly #byId: Statement<[FlowId], FlowRow>;
  readonly #queueKey: Statement<[QueueName], number>;
  readonly #ofOwner: Statement<unknown[], FlowRow>;
  readonly #ofState: Statement<unknown[], FlowRow>;
  readonly #ofQueue: Statement<unknown[], FlowRow>;
  readonly #ofQueueAndState: Statement<unknown[], FlowRow>;

  constructor(db: Database) {
    const rows = (sql: string) => db.prepare<unknown[], FlowRow>(sql).raw();
    this.#byId = db.prepare<[FlowId], FlowRow>(`${SELECT} ${JOIN} where f.id = +?`).raw();
    this.#queueKey = db
      .prepare<[QueueName], number>('select key from queue where name = ?')
      .pluck();
    const list = (index: string, condition: string) =>
      rows(`${SELECT} indexed by ${index} ${JOIN} where f.owner = +? ${condition} ${PAGE}`);
    this.#ofOwner = list('flow_of_owner', '');
    this.#ofState = list('flow_of_state', 'and f.state = +?');
    this.#ofQueue = list('flow_of_queue', 'and f.queue_key = +?');
    this.#ofQueueAndState = list('flow_of_queue', 'and f.queue_key = +? and f.state = +?');
  }

  get(id: FlowId): Flow | null {
    const row = this.#byId.get(id);
    return row === undefined ? null : flowOf(row);
  }

  list(query: ListFlows): readonly Flow[] {
    const { createdAt, id } = query.after ?? START;
    const page = [createdAt, id, query.limit];
    const state = query.state === undefined ? [] : [FLOW[query.state]];
    if (query.queue === undefined) {
      const statement = query.state === undefined ? this.#ofOwner : this.#ofState;
      return statement.all(query.owner, ...state, ...page).map(flowOf);
    }
    const queueKey = this.#queueKey.get(query.queue);
    if (queueKey === undefined) return [];
    const statement = query.state === undefined ? this.#ofQueue : this.#ofQueueAndState;
    return statement.all(query.owner, queueKey, ...state, ...page).map(flowOf);
  }
}

function flowOf([
  id,
  owner,
  queue,
  state,
  rev,
  taskCount,
  fatalCount,
  inputCount,
  failFast,
  createdAt,
  ttlMs,
  endedAt,
  ...counts
]: FlowRow): Flow {
  return {
    id,
    owner,
    queue,
    state: flowStateOf(state),
    rev,
    counts: flowCountsOf(counts),
    taskCount,
    fatalCount,
    inputCount,
    failFast: failFast === 1,
    createdAt,
    ttlMs,
    endedAt,
  };
}
