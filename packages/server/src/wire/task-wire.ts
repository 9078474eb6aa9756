import type { Logger } from '@tasked/core';
import type { HeldCalls } from '../held-calls.ts';
import type { TaskSource } from '../tasks/task-source.ts';
import type { Questions } from './questions.ts';

/** What the methods of tasks work on. */
export interface TaskWire {
  readonly source: TaskSource;
  readonly questions: Questions;
  readonly logger: Logger;
  readonly held: HeldCalls;
  /** Aborts when the server is about to stop. */
  readonly stopping: AbortSignal;
}
