import type { EpochMs } from '@tasked/core';
import { SortedSet } from './sorted-set.ts';
import type { TaskRecord } from './task-record.ts';

type Place = Pick<TaskRecord, 'availableAt' | 'flowSeq' | 'index'>;

/** Every delayed task, and every waiting one that has a deadline, the next due first. */
export class DueTasks {
  readonly #delayed = new SortedSet<Place, TaskRecord>(
    (a, b) => timeOf(a) - timeOf(b) || a.flowSeq - b.flowSeq || a.index - b.index,
  );

  add(task: TaskRecord): void {
    this.#delayed.add(task);
  }

  delete(task: TaskRecord): void {
    this.#delayed.delete(task);
  }

  /** The next task that is due by `now`. */
  next(now: EpochMs): TaskRecord | undefined {
    const first = this.#delayed.first();
    return first !== undefined && timeOf(first) <= now ? first : undefined;
  }

  /** When the first is due; null when there is none. */
  get nextAt(): EpochMs | null {
    return this.#delayed.first()?.availableAt ?? null;
  }
}

function timeOf(place: Place): EpochMs {
  return place.availableAt ?? 0;
}
