import { type FlowTaskId, type HoldTasks, TaskedError } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { TASK } from '../encoding/codes.ts';
import type { Following } from './tick/following.ts';
import type { Ledger } from './tick/ledger.ts';

interface BlockedTask {
  readonly key: number;
  readonly holds: number;
}

/** Puts holds on blocked tasks and takes them away. Both MUST run inside a write transaction. */
export class Holding {
  readonly #following: Following;
  readonly #find: Statement<[number, FlowTaskId], BlockedTask>;
  readonly #add: Statement<[number]>;
  readonly #remove: Statement<[number]>;

  constructor(db: Database, following: Following) {
    this.#following = following;
    this.#find = db.prepare(
      `select key, holds from flow_task indexed by flow_task_id
       where flow_key = ? and id = ? and state = ${TASK.blocked}`,
    );
    this.#add = db.prepare('update flow_task set holds = holds + 1, open = open + 1 where key = ?');
    this.#remove = db.prepare('update flow_task set holds = holds - 1 where key = ?');
  }

  /** `FlowStore.addHold`. */
  add({ flowId, taskIds }: HoldTasks, ledger: Ledger): readonly FlowTaskId[] {
    const flow = ledger.flowById(flowId);
    if (flow === null) return [];
    return [...new Set(taskIds)].filter((id) => {
      const task = this.#find.get(flow.key, id);
      return task !== undefined && this.#add.run(task.key).changes > 0;
    });
  }

  /** `FlowStore.removeHold`. */
  remove({ flowId, taskIds, now }: HoldTasks, ledger: Ledger): readonly FlowTaskId[] {
    const flow = ledger.flowById(flowId);
    if (flow === null) return [];
    const keys: number[] = [];
    const released = [...new Set(taskIds)].filter((id) => {
      const task = this.#find.get(flow.key, id);
      if (task === undefined) return false;
      if (task.holds === 0) {
        throw new TaskedError(
          'illegal_transition',
          `task ${id} of ${flowId} has no hold to take away`,
        );
      }
      this.#remove.run(task.key);
      keys.push(task.key);
      return true;
    });
    this.#following.release(keys, { ledger, now });
    return released;
  }
}
