import type { CallToolResult, ToolAnnotations } from '@modelcontextprotocol/server';
import type {
  ErrorCode,
  InputRequests,
  InputResponses,
  JsonObject,
  Owner,
  TaskId,
} from '@tasked/core';
import type { Progress } from '../tool-call.ts';
import type { ObjectSchema } from '../tool-schema.ts';

/** Whether a call of a tool may, must, or must not be a task. */
export type TaskSupport = 'forbidden' | 'optional' | 'required';

/** A tool as a server serves it. */
export interface ServerTool {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly annotations?: ToolAnnotations;
  readonly inputSchema: ObjectSchema;
  readonly outputSchema?: ObjectSchema;
  readonly taskSupport: TaskSupport;
  /**
   * Answers a call that is no task. What it throws is told as a JSON-RPC error: a `ProtocolError` as it is, the
   * rest by the table of docs/errors.md; what a model is to mend is a result with `isError`.
   */
  call(args: JsonObject, call: ServerCall): Promise<CallToolResult | InputNeeded>;
  /** Begins a call that is a task. MUST resolve only when the task is durable. Unless `forbidden`. */
  start?(args: JsonObject, call: TaskCall): Promise<StartedCall>;
}

/** One call of a tool. */
export interface ServerCall {
  readonly owner: Owner;
  /** What the caller may do, as whoever let it in says; `*` stands for everything. */
  readonly scopes: readonly string[];
  /** Aborts when nobody waits for the answer any more. It ends waiting, never work. */
  readonly signal: AbortSignal;
  /** Tells the caller how far the work is; null when it did not ask to be told. */
  readonly reportProgress: ((progress: Progress) => void) | null;
  /**
   * Runs a wait for news, of which one owner may have so many at once. Throws `limit_exceeded`, and waits for nothing, when
   * these are too many.
   */
  readonly hold: <Answer>(wait: () => Promise<Answer>) => Promise<Answer>;
  /** What the caller answered to {@link InputNeeded}, by key; not checked. */
  readonly inputResponses: InputResponses;
}

/** A call that is to be a task. */
export interface TaskCall extends ServerCall {
  /** How long the caller wants the task to be kept; null when it did not say. */
  readonly ttlMs: number | null;
}

/** What became of a call that was to be a task. */
export type StartedCall =
  | {
      readonly kind: 'task';
      readonly taskId: TaskId;
      /** What is to be said of it beside its status. */
      readonly note?: string;
    }
  | AnsweredAtOnce
  | InputNeeded;

/** There is no task. */
export interface AnsweredAtOnce {
  readonly kind: 'result';
  readonly result: CallToolResult;
  /** Why the call could not begin, where that is what the result tells. */
  readonly code?: ErrorCode;
}

/** The tool cannot begin without these; the caller calls again with the answers (2026-07-28 only). */
export interface InputNeeded {
  readonly kind: 'input';
  readonly inputRequests: InputRequests;
}

/** True for what a tool answers when it needs input first. */
export function isInputNeeded(answer: CallToolResult | StartedCall): answer is InputNeeded {
  return 'kind' in answer && answer.kind === 'input';
}

/** True for what a tool answers when a call that was to be a task is none. */
export function isAnsweredAtOnce(answer: CallToolResult | StartedCall): answer is AnsweredAtOnce {
  return 'kind' in answer && answer.kind === 'result';
}
