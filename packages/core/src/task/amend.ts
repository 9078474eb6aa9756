import type { EpochMs } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import { isDuration, NO_DURATION } from './new-task.ts';
import type { Task } from './task.ts';
import { changed, refused, type TaskChange } from './task-change.ts';
import { isTerminal } from './task-status.ts';
import { ended } from './transition.ts';

/** What may be said of a task without moving it; what is omitted stays. */
export interface TaskAmendment {
  /** Merged over what is there, key by key. */
  readonly metadata?: JsonObject;
  readonly statusMessage?: string | null;
  readonly pollIntervalMs?: number | null;
}

/** Says more of a task that lives. Refuses with `illegal_transition` one that has ended. */
export function amend(task: Task, amendment: TaskAmendment, now: EpochMs): TaskChange {
  if (isTerminal(task.status)) return ended(task);
  const { statusMessage = task.statusMessage, pollIntervalMs = task.pollIntervalMs } = amendment;
  if (!isDuration(pollIntervalMs)) return refused('invalid_input', `pollIntervalMs ${NO_DURATION}`);
  const metadata = { ...task.metadata, ...amendment.metadata };
  return changed(task, { metadata, statusMessage, pollIntervalMs }, now);
}
