import type { Owner } from '@tasked/core';
import type { ToolServer } from '../server/create-tool-server.ts';

/** An answer to a question is a form that somebody filled in; what is longer is none. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Takes a request whose body answers what a task asked: 202, as for any answer that a client posts. Null for every other
 * request, whose body is still to be read.
 */
export async function takeAnswer(
  request: Request,
  owner: Owner,
  server: Pick<ToolServer, 'takeAnswer'>,
): Promise<Response | null> {
  if (request.method !== 'POST' || !mayBeAnswer(request.headers)) return null;
  const text = await beginningOf(request);
  if (text === null) return null;
  const message = jsonIn(text);
  return (await server.takeAnswer(message, owner)) ? new Response(null, { status: 202 }) : null;
}

/** Answers carry no method in a header, as requests of 2026-07-28 do, and they are not long; proxies may not say how long. */
function mayBeAnswer(headers: Headers): boolean {
  return !headers.has('mcp-method') && Number(headers.get('content-length')) <= MAX_ANSWER_BYTES;
}

/** The body of a request, which can still be read; null when it is longer than an answer. */
async function beginningOf(request: Request): Promise<string | null> {
  const reader = request.clone().body?.getReader();
  const chunks: Uint8Array[] = [];
  for (let bytes = 0; ; ) {
    const { value } = (await reader?.read()) ?? {};
    if (value === undefined) return Buffer.concat(chunks).toString();
    bytes += value.length;
    if (bytes > MAX_ANSWER_BYTES) {
      // Ends only with the request itself, which is for somebody else to read.
      void reader?.cancel();
      return null;
    }
    chunks.push(value);
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
