import type { EpochMs, Owner } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import type { TaskInput } from './task-input.ts';
import type { TaskOutcome } from './task-outcome.ts';
import type { TaskStatus } from './task-status.ts';

/** Id of a task, unique for its owner: see {@link TASK_ID}. */
export type TaskId = string;

/** What a task's id may look like: it stands in headers, URLs and file names. */
export const TASK_ID = /^[A-Za-z0-9_-]{1,128}$/;

/**
 * One long operation as the Model Context Protocol sees it: neutral facts, from which each generation of the
 * protocol is projected when it is read. Plain data: what `JSON.parse` could have made.
 */
export interface Task {
  readonly id: TaskId;
  readonly status: TaskStatus;
  /** For people: the progress while it lives, the reason when it failed; null when there is nothing to say. */
  readonly statusMessage: string | null;
  /** The method of the request that it answers: `tools/call`. */
  readonly method: string;
  /** Which tool was called; null for another method. */
  readonly toolName: string | null;
  /** What it was called with. */
  readonly arguments: JsonObject;
  /** Whatever else its creator wants to find again; unknown keys are kept. */
  readonly metadata: JsonObject;
  /** Who may see it: see `encodeOwner`. */
  readonly owner: Owner;
  /** How long it is kept, counted from its creation (see `expiresAt`); null for ever. */
  readonly ttlMs: number | null;
  /** How often whoever waits for it should ask; null says nothing. */
  readonly pollIntervalMs: number | null;
  readonly createdAt: EpochMs;
  /** When its last change was; a task that has ended changes no more, so this is when it ended. */
  readonly lastUpdatedAt: EpochMs;
  /** Every input it ever asked for, by key. A key is used once in a task's life. */
  readonly inputs: Readonly<Record<string, TaskInput>>;
  /** How it ended; null while it lives. Says the same as `status`. */
  readonly outcome: TaskOutcome | null;
  /** 1 when created; rises by one with every change. */
  readonly version: number;
}

/** When it ended; null while it lives. */
export function endedAt(task: Task): EpochMs | null {
  return task.outcome === null ? null : task.lastUpdatedAt;
}
