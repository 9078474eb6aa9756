import { randomUUID } from 'node:crypto';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { type Fault, isTaskedError, type JsonObject, type Logger } from '@tasked/core';
import { ANSWER_CHARS } from './answer-limits.ts';

/** An error as a caller sees it. */
interface ErrorOnWire {
  readonly code: string;
  readonly message: string;
  readonly faults?: readonly JsonObject[];
  readonly [detail: string]: unknown;
}

/**
 * An error as the result of a tool: `isError`, and `{"error": {code, message, …}}` in the text alone,
 * because clients check `structuredContent` against the schema of a success. What the caller cannot mend is
 * told by an id that stands in the log beside what really happened, and by nothing else.
 */
export function errorAnswer(error: unknown, tool: string, logger: Logger): CallToolResult {
  return toolError(withinLimit(onWire(error, tool, logger)));
}

/** The result of a tool that failed. */
export function toolError(error: ErrorOnWire): CallToolResult {
  const text = JSON.stringify({ error });
  return { isError: true, content: [{ type: 'text', text }] };
}

function onWire(error: unknown, tool: string, logger: Logger): ErrorOnWire {
  if (isTaskedError(error) && error.code !== 'internal' && error.code !== 'unavailable') {
    return { code: error.code, message: error.message, ...detailsOf(error.details) };
  }
  const errorId = randomUUID();
  logger.error('a tool call failed', { tool, error_id: errorId, error });
  if (isTaskedError(error) && error.code === 'unavailable') {
    const message = 'the store does not answer at the moment; try again in a few seconds';
    return { code: 'unavailable', message, error_id: errorId };
  }
  const message = 'something went wrong inside Tasked; its log has the cause under error_id';
  return { code: 'internal', message, error_id: errorId };
}

function detailsOf(details: unknown): Readonly<Record<string, unknown>> {
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return {};
  const { faults, ...others } = details as { readonly faults?: readonly Fault[] };
  return faults === undefined ? others : { ...others, faults: faults.map(faultOnWire) };
}

function faultOnWire({ didYouMean, ...fault }: Fault): JsonObject {
  return didYouMean === undefined ? fault : { ...fault, did_you_mean: didYouMean };
}

/** Drops faults from the end until the answer is small enough, and says how many. */
function withinLimit(error: ErrorOnWire): ErrorOnWire {
  let kept = error.faults ?? [];
  let fitting = error;
  while (kept.length > 1 && JSON.stringify(fitting).length > ANSWER_CHARS - 50) {
    kept = kept.slice(0, -1);
    const omitted = (error.faults?.length ?? 0) - kept.length;
    fitting = { ...error, faults: kept, faults_omitted: omitted };
  }
  return fitting;
}
