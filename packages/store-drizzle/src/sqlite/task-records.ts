import type { EpochMs, ListTasks, Owner, Task, TaskId } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { TASK_STATUS, type TaskRow, taskOf } from '../encoding/task-row.ts';

type JsonRow = Pick<TaskRow, 'json'>;

interface ExpiredRow {
  readonly key: number;
  readonly bytes: number;
}

/** How much JSON goes at once: SQLite walks through every page of a long text to free it. */
const MAX_BYTES = 4 * 1024 * 1024;

const PAGE = `and (created_at, id) < (+?, +?) order by created_at desc, id desc limit +?`;

/** Comes before every task in a list. */
const START = { createdAt: Number.MAX_SAFE_INTEGER, id: '' };

/** Reads and writes tasks; what writes MUST run inside a write transaction. */
export class TaskRecords {
  readonly #get: Statement<[Owner, TaskId], JsonRow>;
  readonly #afterMany: Statement<[Owner, number]>;
  readonly #insert: Statement<[TaskRow]>;
  readonly #update: Statement<[TaskRow & { readonly expected: number }]>;
  readonly #delete: Statement<[Owner, TaskId]>;
  readonly #ofOwner: Statement<unknown[], JsonRow>;
  readonly #ofStatus: Statement<unknown[], JsonRow>;
  readonly #ofAll: Statement<unknown[], JsonRow>;
  readonly #expired: Statement<[EpochMs, number], ExpiredRow>;
  readonly #remove: Statement<[number]>;

  constructor(db: Database) {
    this.#get = db.prepare('select json from task where owner = ? and id = ?');
    this.#afterMany = db.prepare(
      'select id from task indexed by task_of_owner where owner = +? limit 1 offset +?',
    );
    this.#insert = db.prepare(
      `insert into task (owner, id, status, version, created_at, expires_at, json)
       values ($owner, $id, $status, $version, $createdAt, $expiresAt, $json)`,
    );
    this.#update = db.prepare(
      `update task set status = $status, version = $version, expires_at = $expiresAt, json = $json
       where owner = $owner and id = $id and version = $expected`,
    );
    this.#delete = db.prepare('delete from task where owner = ? and id = ?');
    const list = (index: string, condition: string) =>
      db.prepare<unknown[], JsonRow>(
        `select json from task indexed by ${index} where ${condition} ${PAGE}`,
      );
    this.#ofOwner = list('task_of_owner', 'owner = +?');
    this.#ofStatus = list('task_of_status', 'owner = +? and status = +?');
    this.#ofAll = list('task_of_all', 'status = +?');
    this.#expired = db.prepare(
      `select key, octet_length(json) as bytes from task indexed by task_expiring
       where expires_at is not null and expires_at <= +? order by expires_at limit +?`,
    );
    this.#remove = db.prepare('delete from task where key = ?');
  }

  get(id: TaskId, owner: Owner): Task | null {
    const row = this.#get.get(owner, id);
    return row === undefined ? null : taskOf(row);
  }

  /** `TaskStore.createTask`. */
  create(row: TaskRow, maxOwned: number): 'created' | 'exists' | 'full' {
    if (this.#get.get(row.owner, row.id) !== undefined) return 'exists';
    const isFull = this.#afterMany.get(row.owner, maxOwned - 1) !== undefined;
    if (maxOwned < 1 || isFull) return 'full';
    this.#insert.run(row);
    return 'created';
  }

  /** `TaskStore.updateTask`. */
  update(row: TaskRow, expected: number): boolean {
    return this.#update.run({ ...row, expected }).changes > 0;
  }

  delete(id: TaskId, owner: Owner): void {
    this.#delete.run(owner, id);
  }

  /** `TaskStore.listTasks`. */
  list({ owner, status, limit, after }: ListTasks): readonly Task[] {
    const { createdAt, id } = after ?? START;
    const page = [createdAt, id, limit];
    const code = status === undefined ? [] : [TASK_STATUS[status]];
    if (owner === null) return this.#ofAll.all(...code, ...page).map(taskOf);
    const statement = status === undefined ? this.#ofOwner : this.#ofStatus;
    return statement.all(owner, ...code, ...page).map(taskOf);
  }

  /** `TaskStore.deleteExpiredTasks`. */
  deleteExpired(now: EpochMs, limit: number): number {
    let deleted = 0;
    let bytes = 0;
    for (const task of this.#expired.all(now, limit)) {
      bytes += task.bytes;
      if (bytes > MAX_BYTES && deleted > 0) break;
      this.#remove.run(task.key);
      deleted += 1;
    }
    return deleted;
  }
}
