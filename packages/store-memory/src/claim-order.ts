import type { Claim } from '@tasked/core';
import { Lane } from './lane.ts';
import type { QueueRecord } from './queue-record.ts';
import type { TaskRecord } from './task-record.ts';

/**
 * Every ready task, and whose turn it is: lowest priority first over all lanes; among equals, lanes in
 * turn, in the order in which they had their first task.
 */
export class ClaimOrder {
  readonly #lanes: Lane[] = [];
  readonly #byQueue = new Map<QueueRecord, Map<string, Lane>>();
  #servedLast = -1;

  add(task: TaskRecord): void {
    this.#laneOf(task).add(task);
  }

  delete(task: TaskRecord): void {
    this.#laneOf(task).delete(task);
  }

  /** The lanes that a claim may look at. */
  lanes(claim: Claim): readonly Lane[] {
    return this.#lanes.filter(
      ({ queue, executor }) =>
        claim.executors.includes(executor) && (claim.queues?.includes(queue.name) ?? true),
    );
  }

  /** What may start in the next turn of one of `lanes`, at most `limit`; empty when nothing may. */
  turn(lanes: readonly Lane[], limit: number): readonly TaskRecord[] {
    const next = this.#next(lanes);
    if (next === undefined) return [];
    this.#servedLast = next.number;
    return next.turn(limit);
  }

  /** The first lane of the lowest priority after the one served last; or from the beginning again. */
  #next(lanes: readonly Lane[]): Lane | undefined {
    let lowest = Number.POSITIVE_INFINITY;
    let equals: Lane[] = [];
    for (const lane of lanes) {
      const { priority } = lane;
      if (priority === null || priority > lowest) continue;
      if (priority < lowest) equals = [];
      lowest = priority;
      equals.push(lane);
    }
    return equals.find((lane) => lane.number > this.#servedLast) ?? equals[0];
  }

  #laneOf({ flow: { queue }, executor }: TaskRecord): Lane {
    const lanes = this.#byQueue.get(queue) ?? new Map<string, Lane>();
    const lane = lanes.get(executor) ?? new Lane(queue, executor, this.#lanes.length);
    if (lane.number === this.#lanes.length) {
      this.#lanes.push(lane);
      this.#byQueue.set(queue, lanes.set(executor, lane));
    }
    return lane;
  }
}
