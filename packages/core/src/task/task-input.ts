import type { EpochMs } from '../ids.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Task } from './task.ts';

/** What the key of an input may look like. */
export const INPUT_KEY = /^[A-Za-z0-9_.:-]{1,128}$/;

/** Something a task asked of its client, and the answer once there is one. */
export type TaskInput =
  | {
      readonly state: 'outstanding';
      /** A request of the protocol: `{ method: "elicitation/create", params }`. */
      readonly request: JsonObject;
      readonly requestedAt: EpochMs;
    }
  | {
      readonly state: 'answered';
      readonly request: JsonObject;
      readonly requestedAt: EpochMs;
      readonly response: JsonValue;
      readonly answeredAt: EpochMs;
    };

/** Requests for input, by key. */
export type InputRequests = Readonly<Record<string, JsonObject>>;

/** Answers to them, by key. */
export type InputResponses = Readonly<Record<string, JsonValue>>;

/** What a task waits for: requests that were not answered, by key; none once it has ended. */
export function outstandingInputs(task: Task): InputRequests {
  if (task.outcome !== null) return {};
  return Object.fromEntries(
    Object.entries(task.inputs)
      .filter(([, { state }]) => state === 'outstanding')
      .map(([key, { request }]) => [key, request]),
  );
}

/** What it was answered, by key. */
export function answeredInputs(task: Task): InputResponses {
  const entries = Object.entries(task.inputs);
  return Object.fromEntries(
    entries.flatMap(([key, input]) => (input.state === 'answered' ? [[key, input.response]] : [])),
  );
}
