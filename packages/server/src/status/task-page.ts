import type { Flow } from '@tasked/core';
import { MAX_TASKS } from '@tasked/dag-engine/spec';
import { z } from 'zod';
import { ANSWER_CHARS, PREVIEW_CHARS } from '../answer-limits.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { ToolCall } from '../tool-call.ts';
import { fitEntries } from './fit-entries.ts';
import { type TaskEntry, taskEntry } from './task-entry.ts';
import { positionOf, type TaskPosition, tasksAfter } from './task-order.ts';

/** More tasks than this never fit into an answer. */
const MAX_ENTRIES = 150;

/** Characters of an answer that are not its tasks. */
const AROUND_CHARS = 1_000;

/** Some tasks of a flow, the most urgent ones first. */
export interface TaskPage {
  readonly tasks: readonly TaskEntry[];
  /** A failed task to look at first; null when none on this page has failed. */
  readonly failed: string | null;
  /** How many tasks come after these. */
  readonly omitted: number;
  /** Where to go on; null when these are the last. */
  readonly cursor: string | null;
}

/** Reads the tasks of a flow from a cursor on. Throws `invalid_input` for a cursor of something else. */
export async function readTaskPage(
  { flows, owner }: Pick<ToolCall, 'flows' | 'owner'>,
  flow: Flow,
  cursor: string | undefined,
): Promise<TaskPage> {
  const after = cursor === undefined ? null : cursorPosition(cursor, flow);
  const all = await flows.tasksOf(flow, { limit: MAX_TASKS });
  const rest = tasksAfter(all, after);
  const candidates = rest.slice(0, MAX_ENTRIES);
  const taskIds = candidates.map((task) => task.id);
  const previewed = { flowId: flow.id, taskIds, owner };
  const previews = await flows.previewOutputs(previewed, PREVIEW_CHARS);
  const tasks = fitEntries(
    (maxChars) =>
      candidates.map((task, place) => taskEntry(task, previews[place] ?? null, maxChars)),
    ANSWER_CHARS - AROUND_CHARS,
  );
  const shown = candidates.slice(0, tasks.length);
  const failed = shown.filter((task) => task.state === 'failed');
  const last = shown.at(-1);
  const omitted = rest.length - shown.length;
  return {
    tasks,
    failed: (failed.find((task) => !task.allowFailure) ?? failed[0])?.id ?? null,
    omitted,
    cursor: omitted > 0 && last !== undefined ? cursorAt(positionOf(last), flow) : null,
  };
}

const cursorSchema = z.tuple([z.literal('tasks'), z.string(), z.int(), z.int()]);

function cursorAt({ rank, index }: TaskPosition, flow: Flow): string {
  return encodeCursor(['tasks', flow.id, rank, index]);
}

function cursorPosition(cursor: string, flow: Flow): TaskPosition {
  const ofThisFlow = cursorSchema.refine(([, flowId]) => flowId === flow.id);
  const [, , rank, index] = decodeCursor(cursor, ofThisFlow);
  return { rank, index };
}
