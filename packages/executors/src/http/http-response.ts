import type { JsonObject } from '@tasked/core';
import { bodyValue } from './body-value.ts';
import type { HttpRequest } from './http-request.ts';

/** What came back for a request. */
export interface HttpResponse {
  readonly request: HttpRequest;
  readonly status: number;
  /** Names in lower case; a header that came several times is one, joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null when it was not read to its end. */
  readonly body: Uint8Array | null;
}

/** `{status, headers, body}`, with `body_encoding: 'base64'` where the body is no text. */
export function responseValue({ status, headers, body }: HttpResponse): JsonObject {
  if (body === null) return { status, headers, body: null };
  // What is still encoded is nothing of the declared type yet.
  const isEncoded = headers['content-encoding'] !== undefined;
  return { status, headers, ...bodyValue(body, isEncoded ? undefined : headers['content-type']) };
}

/** True when the same request may be answered better later. */
export function isPassing(status: number): boolean {
  return status === 429 || status >= 500;
}
