import type { EpochMs, FlowId, FlowTaskId, Owner } from './ids.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** Names one thing that a flow task asks for, unique in the task's whole life. See `INPUT_KEY`. */
export type InputKey = string;

/** Names one input of one task of a flow. */
export interface InputRef {
  readonly taskId: FlowTaskId;
  readonly key: InputKey;
}

/** An input that a waiting task asks for and nobody has answered yet. */
export interface OutstandingInput extends InputRef {
  /** What it says (an MCP elicitation, say) is not the engine's to know. */
  readonly request: JsonObject;
  /** When its task goes on without it; null when it waits for ever. */
  readonly deadlineAt: EpochMs | null;
}

/** The answer to one input. */
export interface InputAnswer extends InputRef {
  readonly answer: JsonValue;
}

/** Whose inputs are answered, how, and when it is. */
export interface AnswerInputs {
  readonly flowId: FlowId;
  readonly owner: Owner;
  readonly answers: readonly InputAnswer[];
  readonly now: EpochMs;
}

/**
 * Why an answer was not taken. `unknown`: no task of the flow ever asked for it. `answered`: it was answered before.
 * `closed`: it is asked for no more, because its deadline has passed or its flow was cancelled.
 */
export type RefusalReason = 'unknown' | 'answered' | 'closed';

/** What became of answers; each is in one of the lists, in the order in which they were given. */
export interface AnsweredInputs {
  readonly accepted: readonly InputRef[];
  readonly refused: readonly RefusedAnswer[];
}

/** An answer that was not taken. */
export interface RefusedAnswer extends InputRef {
  readonly why: RefusalReason;
}
