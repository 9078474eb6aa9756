/** Most characters of an answer's JSON, unless the caller asked for more. */
export const ANSWER_CHARS = 8_000;

/** Most characters of one output or error in a status. */
export const PREVIEW_CHARS = 2_000;

/** Most characters of JSON of an error that stands alone; what an attempt printed is in its log. */
export const ERROR_CHARS = 3_000;

/** Longest time that a call is held: many clients give up after 30 s, with progress after 60 s. */
export const HOLD_SECS = 25;

/** Longest time that a call is held when progress can be reported meanwhile. */
export const HOLD_WITH_PROGRESS_SECS = 45;
