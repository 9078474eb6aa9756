import type {
  ClaimedAttempt,
  FlowId,
  FlowTaskId,
  JsonObject,
  JsonValue,
  Owner,
  Resume,
} from '@tasked/core';
import { resumeOf } from '../encoding/resume.ts';
import type { Lane } from './lanes.ts';

/** A flow that a tick has changed, as the function `advance` tells it. */
export type Changed = readonly [key: number, FlowId, Owner, rev: number, ended: boolean];

/** A row that the function `advance` returns. */
export interface Row {
  /** Everything but what was claimed: the last row has it, and nothing else. */
  readonly rest: string | null;
  readonly task_id: FlowTaskId;
  readonly fence: number;
  readonly attempt: number;
  readonly lane: number;
  readonly key: number;
  readonly config: string;
  readonly input: string;
  readonly needs: string | null;
  readonly retries: number;
  readonly backoff_ms: number;
  readonly max_backoff_ms: number;
  readonly timeout_ms: number | null;
  readonly resume: string | null;
}

/** The rows in the order of their keys in `order`. */
export function inOrder(rows: readonly Row[], order: readonly number[] | null): readonly Row[] {
  if (order === null) return rows;
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return order.map((key) => byKey.get(key) as Row);
}

/** What was claimed, of a flow that the tick has changed. */
export function attemptOf(row: Row, { queue, executor }: Lane, flow: Changed): ClaimedAttempt {
  const [, flowId, owner] = flow;
  return {
    ref: { flowId, taskId: row.task_id, fence: row.fence },
    attempt: row.attempt,
    owner,
    queue,
    executor,
    config: JSON.parse(row.config) as JsonObject,
    input: JSON.parse(row.input) as JsonValue,
    needs: row.needs === null ? [] : (JSON.parse(row.needs) as FlowTaskId[]),
    retry: {
      retries: row.retries,
      backoffMs: row.backoff_ms,
      maxBackoffMs: row.max_backoff_ms,
    },
    timeoutMs: row.timeout_ms,
    resume: row.resume === null ? null : readResume(row.resume),
  };
}

/** Reads what the function `resume_of` says. */
function readResume(json: string): Resume | null {
  const { asked, saved } = JSON.parse(json) as {
    readonly asked: readonly (readonly [key: string, answer: string | null])[] | null;
    readonly saved: string | null;
  };
  return resumeOf(
    (asked ?? []).map(([key, answer]) => ({ key, answer })),
    saved,
  );
}
