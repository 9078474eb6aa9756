import type { EpochMs, ListTasks, Owner, Task, TaskId } from '@tasked/core';
import { TASK_STATUS, type TaskRow, taskOf, taskRowOf } from '../encoding/task-row.ts';
import type { Database } from './database.ts';

type JsonRow = Pick<TaskRow, 'json'>;

/** What PostgreSQL takes for a `limit` at most. */
const MOST = 2 ** 31;

const PAGE_ORDER = 'order by created_at desc, id collate "C" desc limit $3::bigint';
const AFTER = `(created_at, id collate "C") < ($1::double precision, $2::text)`;

/** Comes before every task in a list. */
const START = { createdAt: Number.MAX_SAFE_INTEGER, id: '' };

/** Reads and writes tasks, a statement each. */
export class TaskRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async get(id: TaskId, owner: Owner): Promise<Task | null> {
    const row = await this.#db.row<JsonRow>('select json from @task where owner = $1 and id = $2', [
      owner,
      id,
    ]);
    return row && taskOf(row);
  }

  /** `TaskStore.createTask`. */
  async create(task: Task, maxOwned: number): Promise<'created' | 'exists' | 'full'> {
    const row = taskRowOf(task);
    const answer = await this.#db.row<{ created: boolean; known: boolean; room: boolean }>(
      `with owner as (
         select $8 > 0 and not exists (
           select 1 from @task where owner = $1 limit 1 offset greatest($8::bigint - 1, 0)
         ) as room
       ), created as (
         insert into @task (owner, id, status, version, created_at, expires_at, json)
         select $1, $2, $3, $4, $5, $6, $7 from owner where room
         on conflict (owner, id) do nothing returning 1
       )
       select room, exists (select 1 from created) as created,
         exists (select 1 from @task where owner = $1 and id = $2) as known
       from owner`,
      [
        row.owner,
        row.id,
        row.status,
        row.version,
        row.createdAt,
        row.expiresAt,
        row.json,
        Math.min(maxOwned, MOST),
      ],
    );
    if (answer?.created) return 'created';
    // One that is neither known nor without room was created by somebody else at this moment.
    return answer?.known || answer?.room ? 'exists' : 'full';
  }

  /** `TaskStore.updateTask`. */
  async update(next: Task, expectedVersion: number): Promise<boolean> {
    const row = taskRowOf(next);
    const updated = await this.#db.row(
      `update @task set status = $4, version = $5, expires_at = $6, json = $7
       where owner = $1 and id = $2 and version = $3 returning 1 as one`,
      [row.owner, row.id, expectedVersion, row.status, row.version, row.expiresAt, row.json],
    );
    return updated !== null;
  }

  async delete(id: TaskId, owner: Owner): Promise<void> {
    await this.#db.query('delete from @task where owner = $1 and id = $2', [owner, id]);
  }

  /** `TaskStore.listTasks`. */
  async list({ owner, status, limit, after }: ListTasks): Promise<readonly Task[]> {
    const { createdAt, id } = after ?? START;
    const of = [
      ...(owner === null ? [] : [{ column: 'owner', value: owner }]),
      ...(status === undefined ? [] : [{ column: 'status', value: TASK_STATUS[status] }]),
    ];
    const conditions = of.map(({ column }, index) => `${column} = $${index + 4}`);
    const rows = await this.#db.query<JsonRow>(
      `select json from @task where ${[AFTER, ...conditions].join(' and ')} ${PAGE_ORDER}`,
      [createdAt, id, limit, ...of.map(({ value }) => value)],
    );
    return rows.map(taskOf);
  }

  /** `TaskStore.deleteExpiredTasks`. Passes over what another process is deleting. */
  async deleteExpired(now: EpochMs, limit: number): Promise<number> {
    const gone = await this.#db.row<{ count: number }>(
      `with gone as (
         delete from @task where (owner, id) in (
           select owner, id from @task where expires_at <= $1
           order by expires_at limit $2::bigint for update skip locked
         ) returning 1
       ) select count(*)::integer as count from gone`,
      [now, limit],
    );
    return gone?.count ?? 0;
  }
}
