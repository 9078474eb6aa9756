import type { Claim } from '@tasked/core';
import { Lane } from './lane.ts';
import type { QueueRecord } from './queue-record.ts';
import type { TaskRecord } from './task-record.ts';

/**
 * Every ready task, and whose turn it is: lowest priority first over all lanes; among equals, lanes in
 * turn, in the order in which they had their first task.
 */
export class ClaimOrder {
  readonly #lanes = new Map<QueueRecord, Map<string, Lane>>();
  /** The lanes that have tasks: the only ones that a tick looks at. */
  readonly #busy = new Set<Lane>();
  #count = 0;
  #servedLast = -1;

  add(task: TaskRecord): void {
    const lane = this.#laneOf(task);
    lane.add(task);
    this.#busy.add(lane);
  }

  delete(task: TaskRecord): void {
    const lane = this.#laneOf(task);
    lane.delete(task);
    if (lane.isEmpty) this.#busy.delete(lane);
  }

  /** The lanes that a claim may look at. */
  lanes({ executors, queues }: Claim): readonly Lane[] {
    return [...this.#busy]
      .filter((lane) => executors.includes(lane.executor))
      .filter((lane) => queues === undefined || queues.includes(lane.queue.name))
      .sort((a, b) => a.number - b.number);
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
    const lanes = this.#lanes.get(queue) ?? new Map<string, Lane>();
    this.#lanes.set(queue, lanes);
    const lane = lanes.get(executor) ?? new Lane(queue, executor, this.#count++);
    lanes.set(executor, lane);
    return lane;
  }
}
