import type { Outcome, StopReason, TaskFailure } from '@tasked/core';
import { AddressRefused } from './address-refused.ts';
import type { HttpRequest } from './http-request.ts';
import { type HttpResponse, isPassing, responseValue } from './http-response.ts';
import { shownUrl } from './http-url.ts';
import { BODY_LIMIT_BYTES, BodyTooLarge } from './read-body.ts';
import type { RequestLimit } from './request-limit.ts';
import { statusLine } from './response-outcome.ts';

/** How far a request has got. */
export interface Progress {
  readonly request: HttpRequest;
  /** Null before there is one. */
  readonly response: Omit<HttpResponse, 'body'> | null;
}

/** The outcome of a request that was never answered in whole, with what is known of the response. */
export function requestFailure(error: unknown, at: Progress, limit: RequestLimit): Outcome {
  const failure = whyFailed(error, at, limit);
  if (at.response === null) return { kind: 'failed', failure };
  return { kind: 'failed', failure, output: responseValue({ ...at.response, body: null }) };
}

function whyFailed(error: unknown, at: Progress, limit: RequestLimit): TaskFailure {
  const { request, response } = at;
  const asked =
    response === null ? `${request.method} ${shownUrl(request.url)}` : statusLine(response);
  if (limit.signal.aborted) return aborted(asked, limit);
  if (error instanceof BodyTooLarge) {
    const limit = `${BODY_LIMIT_BYTES / 1024 / 1024} MiB`;
    const message = `${asked}, but its body is larger than ${limit}; let a shell task fetch it into a file (curl -o FILE URL)`;
    const retryable = response !== null && isPassing(response.status);
    return { code: 'body_too_large', message, retryable };
  }
  if (error instanceof AddressRefused) {
    return { code: 'address_refused', message: `${asked}: ${error.message}`, retryable: false };
  }
  const message = `${asked}${response === null ? '' : ', then'}: ${description(error)}`;
  return { code: 'connection_failed', message, retryable: true };
}

function aborted(asked: string, { signal, timeoutSecs }: RequestLimit): TaskFailure {
  if (typeof signal.reason === 'string') {
    const code = signal.reason as StopReason;
    return { code, message: `${asked}, then it was stopped: ${code}`, retryable: true };
  }
  const message = `${asked}, no whole answer within ${timeoutSecs} s; timeout_secs in config sets the limit`;
  return { code: 'timeout', message, retryable: true };
}

/** Several addresses of one host may each have refused. */
function description(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(description).join('; ');
  return error instanceof Error ? error.message : String(error);
}
