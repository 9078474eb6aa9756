import type { EpochMs, FlowId, JsonObject, OutstandingInput, Resume } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { TASK } from '../encoding/codes.ts';
import type { EncodedRequest } from '../encoding/encoded-settlement.ts';
import { endOfFlow, flowTaskKey } from '../encoding/flow-task-key.ts';
import { resumeOf } from '../encoding/resume.ts';

/** An input of a task. */
export interface InputRow {
  readonly number: number;
  readonly key: string;
  answer: string | null;
  isOpen: number;
}

interface OutstandingRow {
  readonly taskId: string;
  readonly key: string;
  readonly request: string;
  readonly deadlineAt: EpochMs | null;
}

/** What tasks ask for, and what they have saved. Whatever writes MUST run inside a write transaction. */
export class Inputs {
  readonly #flowKey: Statement<[FlowId], number>;
  readonly #outstanding: Statement<[number, number], OutstandingRow>;
  readonly #ofTask: Statement<[number], InputRow>;
  readonly #insert: Statement<[number, number, string, string]>;
  readonly #count: Statement<[number, number]>;
  readonly #close: Statement<[number]>;
  readonly #answer: Statement<[string, number, number]>;
  readonly #saved: Statement<[number], string>;
  readonly #save: Statement<[number, string]>;

  constructor(db: Database) {
    this.#flowKey = db.prepare<[FlowId], number>('select key from flow where id = ?').pluck();
    this.#outstanding = db.prepare(
      `select t.id as taskId, i.key, i.request, t.available_at as deadlineAt
       from input i cross join flow_task t on t.key = i.task_key
       where i.task_key >= +? and i.task_key < +? and i.is_open = 1 and t.state = ${TASK.waiting}
       order by i.task_key, i.number`,
    );
    this.#ofTask = db.prepare(
      'select number, key, answer, is_open as isOpen from input where task_key = +? order by number',
    );
    this.#insert = db.prepare(
      'insert into input (task_key, number, key, request, is_open) values (?, ?, ?, ?, 1)',
    );
    this.#count = db.prepare('update flow set input_count = input_count + ? where key = ?');
    this.#close = db.prepare('update input set is_open = 0 where task_key = ?');
    this.#answer = db.prepare(
      'update input set answer = ?, is_open = 0 where task_key = ? and number = ?',
    );
    this.#saved = db.prepare<[number], string>('select json from saved where task_key = ?').pluck();
    this.#save = db.prepare(
      `insert into saved (task_key, json) values (?, ?)
       on conflict (task_key) do update set json = excluded.json`,
    );
  }

  /** `FlowStore.listInputs`. */
  list(flowId: FlowId): readonly OutstandingInput[] {
    const flowKey = this.#flowKey.get(flowId);
    if (flowKey === undefined) return [];
    return this.#outstanding
      .all(flowTaskKey(flowKey, 0), endOfFlow(flowKey))
      .map((row) => ({ ...row, request: JSON.parse(row.request) as JsonObject }));
  }

  /** Everything that a task ever asked for, in that order. */
  ofTask(taskKey: number): readonly InputRow[] {
    return this.#ofTask.all(taskKey);
  }

  /** Asks for what the task has not asked for before; returns how much that is. */
  ask(
    requests: readonly EncodedRequest[],
    { taskKey, flowKey }: { readonly taskKey: number; readonly flowKey: number },
  ): number {
    const before = this.ofTask(taskKey);
    const fresh = requests.filter(([key]) => !before.some((input) => input.key === key));
    for (const [index, [key, request]] of fresh.entries()) {
      this.#insert.run(taskKey, before.length + index, key, request);
    }
    if (fresh.length > 0) this.#count.run(fresh.length, flowKey);
    return fresh.length;
  }

  /** Asks no more for what the task waits for. */
  close(taskKey: number): void {
    this.#close.run(taskKey);
  }

  answer(taskKey: number, number: number, answer: string): void {
    this.#answer.run(answer, taskKey, number);
  }

  save(taskKey: number, json: string): void {
    this.#save.run(taskKey, json);
  }

  /** What the next attempt of the task finds. */
  resumeOf(taskKey: number): Resume | null {
    return resumeOf(this.ofTask(taskKey), this.#saved.get(taskKey) ?? null);
  }
}
