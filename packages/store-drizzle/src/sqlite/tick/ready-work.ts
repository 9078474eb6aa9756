import type { FlowTaskId } from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { TASK } from '../../encoding/codes.ts';

/** A ready task and all that is needed to run it. */
export interface ReadyTask {
  readonly key: number;
  readonly id: FlowTaskId;
  readonly attempt: number;
  readonly fence: number;
  readonly config: string;
  readonly input: string;
  readonly needs: string | null;
  readonly retries: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly timeoutMs: number | null;
}

/** A task that is not ready yet, and its lane. */
export interface TaskOfLane extends ReadyTask {
  readonly laneKey: number;
}

/** A lane with ready work, the lowest priority of that, and the first task that has it. */
export interface LaneHead {
  readonly laneKey: number;
  readonly priority: number;
  readonly firstKey: number;
}

const READY = `flow_task indexed by flow_task_ready where state = ${TASK.ready}`;

/** Of a {@link ReadyTask}. */
const COLUMNS = `t.key, t.id, t.attempt, t.fence, s.config, s.input, s.needs, s.retries,
  s.backoff_ms as backoffMs, s.max_backoff_ms as maxBackoffMs, s.timeout_ms as timeoutMs`;

/**
 * Looks into the index of ready tasks. Every look is a seek, however long the backlog. (Why `+?`:
 * test/statement-plans.test.ts.)
 */
export class ReadyWork {
  readonly #laneAfter: Statement<[number], LaneHead>;
  readonly #head: Statement<[number], LaneHead>;
  readonly #firstFrom: Statement<[number, number, number], number>;
  readonly #one: Statement<[number], TaskOfLane>;
  readonly #between: Statement<[number, number, number, number, number], ReadyTask>;

  constructor(db: Database) {
    const head = `select lane_key as laneKey, priority, key as firstKey from ${READY}`;
    this.#laneAfter = db.prepare(
      `${head} and lane_key > +? order by lane_key, priority, key limit 1`,
    );
    this.#head = db.prepare(`${head} and lane_key = +? order by priority, key limit 1`);
    this.#firstFrom = db
      .prepare<[number, number, number], number>(
        `select key from ${READY} and lane_key = +? and priority = +? and key >= +?
         order by key limit 1`,
      )
      .pluck();
    this.#one = db.prepare(
      `select t.lane_key as laneKey, ${COLUMNS}
       from flow_task t cross join flow_task_spec s on s.task_key = t.key where t.key = +?`,
    );
    this.#between = db.prepare(
      `select ${COLUMNS}
       from flow_task t indexed by flow_task_ready cross join flow_task_spec s on s.task_key = t.key
       where t.state = ${TASK.ready} and t.lane_key = +? and t.priority = +?
         and t.key >= +? and t.key < +?
       order by t.key limit +?`,
    );
  }

  /** Every lane with ready work. */
  *lanes(): Iterable<LaneHead> {
    let head = this.#laneAfter.get(0);
    while (head !== undefined) {
      yield head;
      head = this.#laneAfter.get(head.laneKey);
    }
  }

  /** Any task, ready or not. */
  one(key: number): TaskOfLane {
    return this.#one.get(key) as TaskOfLane;
  }

  /** Where a lane's ready work begins; null when it has none. */
  head(laneKey: number): LaneHead | null {
    return this.#head.get(laneKey) ?? null;
  }

  /** The first ready task of that lane and priority with a key not below `from`; null when there is none. */
  firstFrom({ laneKey, priority }: Omit<LaneHead, 'firstKey'>, from: number): number | null {
    return this.#firstFrom.get(laneKey, priority, from) ?? null;
  }

  /** Up to `limit` ready tasks of that lane and priority, by key, in a range of keys. */
  between(
    { laneKey, priority }: Omit<LaneHead, 'firstKey'>,
    range: { readonly from: number; readonly below: number },
    limit: number,
  ): readonly ReadyTask[] {
    return this.#between.all(laneKey, priority, range.from, range.below, limit);
  }
}
