import { addAbortListener } from 'node:events';
import type { Outcome } from '@tasked/core';
import type { Agent, Dispatcher } from 'undici';
import type { HttpRequest } from './http-request.ts';
import type { HttpResponse } from './http-response.ts';
import { shownUrl } from './http-url.ts';
import { decodersOf, readBody } from './read-body.ts';
import { type Redirection, redirection } from './redirection.ts';
import { type Progress, requestFailure } from './request-failure.ts';
import type { RequestLimit } from './request-limit.ts';
import { responseOutcome } from './response-outcome.ts';

/** What a request is sent with. */
export interface Sender {
  readonly agent: Agent;
  readonly maxRedirects: number;
  readonly limit: RequestLimit;
  /** Takes one line for each request. */
  readonly log: (line: string) => void;
}

/** Sends a request, follows redirects, and says what came of it. Never rejects. */
export async function sendRequest(first: HttpRequest, sender: Sender): Promise<Outcome> {
  let request = first;
  for (let followed = 0; ; followed += 1) {
    const step = await ask(request, followed, sender);
    if (step.kind === 'ended') return step.outcome;
    request = step.request;
  }
}

type Step =
  | Extract<Redirection, { readonly kind: 'follow' }>
  | { readonly kind: 'ended'; readonly outcome: Outcome };

async function ask(request: HttpRequest, followed: number, sender: Sender): Promise<Step> {
  const { limit, maxRedirects } = sender;
  const { signal } = limit;
  const started = performance.now();
  const tell = (what: string, more = '') => {
    const ms = grouped(Math.round(performance.now() - started));
    sender.log(`${request.method} ${shownUrl(request.url)} -> ${what} in ${ms} ms${more}\n`);
  };
  let response: Progress['response'] = null;
  try {
    signal.throwIfAborted();
    const answer = await firstOf(dispatch(request, sender), signal);
    const { statusCode: status, body } = answer;
    response = { request, status, headers: joined(answer.headers) };
    const next = redirection(request, status, response.headers.location);
    if (next.kind === 'follow' && followed < maxRedirects) {
      await body.dump({ limit: DUMPED_BYTES, signal });
      tell(String(status), `, to ${shownUrl(next.request.url)}`);
      return next;
    }
    const whole = await readWhole(response, body, signal);
    tell(String(status), `, ${grouped(whole.body.length)} bytes`);
    const outcome = responseOutcome(whole, noteOn(next, maxRedirects), Date.now());
    return { kind: 'ended', outcome };
  } catch (error) {
    const outcome = requestFailure(error, { request, response }, limit);
    tell(outcome.kind === 'failed' ? outcome.failure.code : outcome.kind);
    return { kind: 'ended', outcome };
  }
}

/** How much of the body of a redirect is read to keep its connection. */
const DUMPED_BYTES = 128 * 1024;

function dispatch({ method, url, headers, body }: HttpRequest, { agent, limit }: Sender) {
  return agent.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: method as Dispatcher.HttpMethod,
    headers,
    body,
    signal: limit.signal,
    // The time limit of the whole request is the only one.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** Rejects at once when `signal` aborts: undici itself waits for a connection that is being made. */
async function firstOf<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const listener = addAbortListener(signal, () => reject(signal.reason));
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    listener[Symbol.dispose]();
  }
}

/** Without the headers that say how a body was encoded, once it is so no more. */
async function readWhole(
  response: Omit<HttpResponse, 'body'>,
  body: Dispatcher.ResponseData['body'],
  signal: AbortSignal,
): Promise<HttpResponse & { readonly body: Uint8Array }> {
  const {
    'content-encoding': encoding = '',
    'content-length': size,
    ...headers
  } = response.headers;
  const decoders = hasBody(response) && size !== '0' ? (decodersOf(encoding) ?? []) : [];
  const bytes = await readBody(body, decoders, signal);
  return { ...response, ...(decoders.length > 0 && { headers }), body: bytes };
}

function hasBody({ request, status }: Omit<HttpResponse, 'body'>): boolean {
  return request.method !== 'HEAD' && status !== 204 && status !== 304;
}

function noteOn(next: Redirection, maxRedirects: number): string {
  if (next.kind === 'refused') return `, but ${next.why}`;
  return next.kind === 'follow'
    ? ` after ${maxRedirects} redirects, the most that are followed`
    : '';
}

function joined(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).map(([name, value = '']) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ]);
  return Object.fromEntries(entries);
}

function grouped(number: number): string {
  return number.toLocaleString('en-US');
}
