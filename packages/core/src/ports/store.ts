import type { FlowStore } from './flow-store.ts';
import type { Notifier } from './notifier.ts';
import type { QueueStore } from './queue-store.ts';
import type { WorkStore } from './work-store.ts';

/** Everything that the engine needs of a database. */
export interface Store extends FlowStore, WorkStore, QueueStore, Notifier {
  /** Lets go of files and connections; calls after it throw `unavailable`. Closing twice is allowed. */
  close(): Promise<void>;
}
