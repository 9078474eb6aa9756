import type { InputKey } from './input.ts';
import type { JsonValue } from './json.ts';

/** What earlier attempts of a task left for the next one, however they ended. */
export interface Resume {
  /** Every answer that the task has got so far. Has no prototype's keys to be feared: ask `Object.hasOwn`. */
  readonly answers: Readonly<Record<InputKey, JsonValue>>;
  /** Inputs that it asked for and that nobody answered before their deadline. */
  readonly expired: readonly InputKey[];
  /** What an attempt saved last; null when nothing was. */
  readonly saved: JsonValue;
}

/** What the first attempt of a task finds. */
export const NOTHING_TO_RESUME: Resume = Object.freeze({
  answers: Object.freeze({}),
  expired: Object.freeze([]),
  saved: null,
});
