import type { AttemptContext, JsonObject, JsonValue, TaskFailure } from '@tasked/core';
import { asText } from '../as-text.ts';
import { headerValue, headerValueFlaw } from './header-flaws.ts';
import { allowsBody, type HttpRequest } from './http-request.ts';
import { readUrl, shownText } from './http-url.ts';

/** A request, or why there can be none: a further attempt would fail in the same way. */
export type PreparedRequest =
  | { readonly kind: 'ready'; readonly request: HttpRequest }
  | { readonly kind: 'failed'; readonly failure: TaskFailure };

const DEFAULTS: Readonly<Record<string, string>> = {
  accept: '*/*',
  'accept-encoding': 'gzip, br, deflate',
  'user-agent': 'tasked',
};

/** Turns a checked config whose references are resolved into the request that it asks for. */
export function prepareRequest({
  config,
  input,
}: Pick<AttemptContext, 'config' | 'input'>): PreparedRequest {
  const text = asText(config.url);
  const read = readUrl(text);
  if (read.kind === 'flawed') return failed(`the url ${read.why}: "${shownText(text)}"`);
  const given = givenHeaders(config.headers as JsonObject | undefined);
  for (const [name, value] of Object.entries(given)) {
    const flaw = headerValueFlaw(value);
    if (flaw !== null) return failed(`headers.${name} ${flaw}`);
  }
  const { method, payload } = methodAndPayload(config, input);
  const headers = {
    ...DEFAULTS,
    ...(payload !== null && { 'content-type': contentTypeOf(payload) }),
    ...authorization(read.url),
    ...given,
  };
  const body = payload === null ? null : asText(payload);
  return { kind: 'ready', request: { method, url: withoutCredentials(read.url), headers, body } };
}

/**
 * Fixes the method of a config with a body: should the body turn out to be null when its reference is
 * resolved, the request is still no GET.
 */
export function pinMethod(config: JsonObject): JsonObject {
  const hasBody = config.body !== undefined && config.body !== null;
  return hasBody && config.method === undefined ? { ...config, method: 'POST' } : config;
}

function methodAndPayload(config: JsonObject, input: JsonValue) {
  const payload = config.body ?? input;
  const method =
    config.method === undefined
      ? payload === null
        ? 'GET'
        : 'POST'
      : asText(config.method).toUpperCase();
  return { method, payload: allowsBody(method) ? payload : null };
}

function givenHeaders(headers: JsonObject = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      headerValue(asText(value)),
    ]),
  );
}

function contentTypeOf(payload: JsonValue): string {
  return typeof payload === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
}

/** What `user:password@` in a URL asks for. */
function authorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const credentials = `${decoded(username)}:${decoded(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** A percent sign that encodes nothing stands for itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare;
}

function failed(message: string): PreparedRequest {
  return { kind: 'failed', failure: { code: 'bad_request', message, retryable: false } };
}
