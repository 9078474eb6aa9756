import type { FlowId, RunnerId } from '../ids.ts';

/** Makes ids that nobody can guess and that never repeat. */
export interface IdSource {
  flowId(): FlowId;
  runnerId(): RunnerId;
}
