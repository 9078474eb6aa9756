/** Public id of a flow: `f_` and 22 base64url characters (128 random bits). */
export type FlowId = string;

/** Id of a task inside its flow, chosen by who submits it. See {@link FLOW_TASK_ID}. */
export type FlowTaskId = string;

/** Id of one engine process: `r_` and 22 base64url characters, new at every registration. */
export type RunnerId = string;

/** Name of a queue. See {@link QUEUE_NAME}. */
export type QueueName = string;

/** Who a record belongs to; the empty string on a single-user installation. */
export type Owner = string;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

/** What a flow task's id may look like: it stands in references, file names and environment variables. */
export const FLOW_TASK_ID = /^[A-Za-z0-9_-]{1,128}$/;

/** What a queue's name may look like. */
export const QUEUE_NAME = /^[A-Za-z0-9_.:/-]{1,128}$/;
