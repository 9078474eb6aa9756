import type { QueueRecord } from './queue-record.ts';
import { SortedSet } from './sorted-set.ts';
import type { TaskRecord } from './task-record.ts';

type Place = Pick<TaskRecord, 'priority' | 'flowSeq' | 'index'>;

/** The ready tasks of one queue and one executor. */
export class Lane {
  readonly queue: QueueRecord;
  readonly executor: string;
  /** Its place among the lanes. */
  readonly number: number;
  readonly #ready = new SortedSet<Place, TaskRecord>(
    (a, b) => a.priority - b.priority || a.flowSeq - b.flowSeq || a.index - b.index,
  );
  #servedLast = -1;

  constructor(queue: QueueRecord, executor: string, number: number) {
    this.queue = queue;
    this.executor = executor;
    this.number = number;
  }

  add(task: TaskRecord): void {
    this.#ready.add(task);
  }

  delete(task: TaskRecord): void {
    this.#ready.delete(task);
  }

  get isEmpty(): boolean {
    return this.#ready.size === 0;
  }

  /** The lowest priority of its tasks; null when none may start. */
  get priority(): number | null {
    return this.queue.room > 0 ? (this.#ready.first()?.priority ?? null) : null;
  }

  /** What may start in one turn, at most `limit`: tasks of one flow, the next after the one served last. */
  turn(limit: number): readonly TaskRecord[] {
    const lowest = this.#ready.first();
    if (lowest === undefined) return [];
    const { priority } = lowest;
    const served = { priority, flowSeq: this.#servedLast, index: Number.POSITIVE_INFINITY };
    const next = this.#ready.firstAfter(served);
    const first = next?.priority === priority ? next : lowest;
    this.#servedLast = first.flowSeq;
    const tasks: TaskRecord[] = [];
    const most = Math.min(limit, this.queue.room);
    for (const task of this.#ready.from(first)) {
      if (tasks.length === most || task.flow !== first.flow || task.priority !== priority) break;
      tasks.push(task);
    }
    return tasks;
  }
}
