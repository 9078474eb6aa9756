import type { JsonObject } from '@tasked/core';
import { isoTime } from '../flow-on-wire.ts';
import type { TaskView } from '../tasks/task-view.ts';

/** A task of protocol 2025-11-25 (SEP-1686). */
export interface LegacyTask {
  readonly taskId: string;
  readonly status: TaskView['status'];
  readonly statusMessage?: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly lastUpdatedAt: string;
  /** Milliseconds; null for ever. */
  readonly ttl: number | null;
  readonly pollInterval: number;
}

/** Longest reason taken out of a result. */
const REASON_CHARS = 500;

/**
 * A task as clients of protocol 2025-11-25 see it. A result with `isError` makes it `failed`, and because some
 * of them never ask how it failed, the reason stands in `statusMessage`.
 */
export function toLegacyTask(view: TaskView): LegacyTask {
  const reason = reasonOf(view.outcome);
  const statusMessage = view.statusMessage ?? reason;
  return {
    taskId: view.id,
    status: reason === null ? view.status : 'failed',
    ...(statusMessage === null ? {} : { statusMessage }),
    createdAt: isoTime(view.createdAt),
    lastUpdatedAt: isoTime(view.lastUpdatedAt),
    ttl: view.ttlMs,
    pollInterval: view.pollIntervalMs,
  };
}

/** Why a task failed; null when it did not. */
function reasonOf(outcome: TaskView['outcome']): string | null {
  if (outcome?.kind === 'error') return outcome.error.message;
  return outcome?.kind === 'result' && outcome.result.isError === true
    ? reasonIn(outcome.result)
    : null;
}

/** The first text of a result. */
function reasonIn({ content }: JsonObject): string {
  const blocks = Array.isArray(content) ? (content as readonly JsonObject[]) : [];
  const text = blocks.map((block) => block.text).find((each) => typeof each === 'string');
  return typeof text === 'string' ? text.slice(0, REASON_CHARS) : 'the tool failed';
}
