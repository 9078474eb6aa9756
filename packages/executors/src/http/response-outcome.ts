import type { JsonObject, Outcome, TaskFailure } from '@tasked/core';
import { type HttpResponse, isPassing, responseValue } from './http-response.ts';
import { shownUrl } from './http-url.ts';
import { retryAfterMs } from './retry-after.ts';

const MAX_SHOWN = 200;

/** White space that is left out of what is shown may be a good part of it. */
const MAX_READ = 10 * MAX_SHOWN;

/**
 * Success for 2xx, a failure for everything else, to be tried again for 5xx and 429; both with the
 * response. `note` says what else there is to know of it.
 */
export function responseOutcome(response: HttpResponse, note: string, now: number): Outcome {
  const { status, headers } = response;
  const output = responseValue(response);
  if (status >= 200 && status < 300) return { kind: 'succeeded', output };
  const retryable = isPassing(status);
  const message = `${statusLine(response)}${note}${startOf(output, response)}`;
  const failure: TaskFailure = { code: 'http_status', message, retryable };
  const askedMs = retryable ? retryAfterMs(headers, now) : null;
  return { kind: 'failed', failure, output, ...(askedMs !== null && { retryAfterMs: askedMs }) };
}

/** `GET https://host/path: 404 Not Found`. */
export function statusLine({ request, status }: Omit<HttpResponse, 'body'>): string {
  // An import of node:http would load the whole of undici with it, at the start of every process.
  const reason = process.getBuiltinModule('node:http').STATUS_CODES[status];
  const shown = `${request.method} ${shownUrl(request.url)}: ${status}`;
  return reason === undefined ? shown : `${shown} ${reason}`;
}

/** In one line, as it was sent. */
function startOf({ body, body_encoding }: JsonObject, response: HttpResponse): string {
  if (body_encoding !== undefined || response.body === null) return '';
  const text =
    typeof body === 'string' ? body : new TextDecoder().decode(response.body.subarray(0, MAX_READ));
  const line = text.slice(0, MAX_READ).replace(/\s+/g, ' ').trim();
  if (line === '') return '';
  return line.length <= MAX_SHOWN ? `: ${line}` : `: ${line.slice(0, MAX_SHOWN)}…`;
}
