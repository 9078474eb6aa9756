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
  const message = jsonIn(await request.clone().text());
  return (await server.takeAnswer(message, owner)) ? new Response(null, { status: 202 }) : null;
}

/** Answers carry no method in a header, as requests of 2026-07-28 do, and they are not long. */
function mayBeAnswer(headers: Headers): boolean {
  const bytes = Number(headers.get('content-length') ?? Number.NaN);
  return !headers.has('mcp-method') && bytes <= MAX_ANSWER_BYTES;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
