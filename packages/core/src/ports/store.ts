import type { FlowStore } from './flow-store.ts';
import type { Notifier } from './notifier.ts';
import type { QueueStore } from './queue-store.ts';
import type { TaskStore } from './task-store.ts';
import type { WorkStore } from './work-store.ts';

/** Everything that Tasked keeps in a database: what the engine needs, and tasks of the protocol. */
export interface Store extends FlowStore, WorkStore, QueueStore, TaskStore, Notifier {
  /** Lets go of files and connections; calls after it throw `unavailable`. Closing twice is allowed. */
  close(): Promise<void>;
}
