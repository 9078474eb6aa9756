import { type Fault, type JsonObject, type JsonValue, scanReferences } from '@tasked/core';
import { shown } from '../shown.ts';
import { unknownFieldFaults } from '../unknown-fields.ts';
import { headerNameFlaw, headerValue, headerValueFlaw } from './header-flaws.ts';
import { allowsBody, METHODS } from './http-request.ts';
import { isHttp, readUrl, shownText } from './http-url.ts';

/** Longest time limit: seven days, as for tasks. */
const MAX_TIMEOUT_SECS = 604_800;

const KNOWN = {
  fields: ['url', 'method', 'headers', 'body', 'timeout_secs'],
  synonyms: new Map([
    ...['uri', 'href', 'link', 'endpoint', 'address', 'query', 'params', 'path'].map(
      (word) => [word, 'url'] as const,
    ),
    ...['verb', 'type', 'action'].map((word) => [word, 'method'] as const),
    ...['auth', 'authorization', 'token', 'cookies'].map((word) => [word, 'headers'] as const),
    ...['data', 'json', 'payload', 'content', 'form'].map((word) => [word, 'body'] as const),
    ...['timeout', 'timeout_ms'].map((word) => [word, 'timeout_secs'] as const),
  ]),
};

/** Everything that is wrong with an http task's config as it was submitted, references unresolved. */
export function checkHttpConfig(config: JsonObject): readonly Fault[] {
  return [
    ...checkUrl(config.url),
    ...checkMethod(config),
    ...checkHeaders(config.headers),
    ...checkTimeout(config.timeout_secs),
    ...unknownFieldFaults(config, KNOWN),
  ];
}

function checkUrl(url: JsonValue | undefined): readonly Fault[] {
  const path = 'url';
  const expected = 'an http or https URL, as text';
  if (url === undefined) return [{ path, message: 'is missing', expected }];
  if (typeof url !== 'string') return [{ path, message: 'is no text', got: shown(url), expected }];
  const [first] = scanReferences(url).references;
  if (first !== undefined) return checkUrlStart(url.slice(0, first.start));
  const read = readUrl(url);
  if (read.kind === 'url') return [];
  return [{ path, message: read.why, got: shownText(url), expected }];
}

/** Of a URL that is not known before the task runs, only the protocol can be judged. */
function checkUrlStart(start: string): readonly Fault[] {
  const protocol = /^\s*([a-z][a-z0-9+.-]*:)/i.exec(start)?.[1]?.toLowerCase();
  if (protocol === undefined || isHttp(protocol)) return [];
  const message = `begins with ${protocol}, and only http and https are spoken`;
  return [{ path: 'url', message, got: shownText(start), expected: 'an http or https URL' }];
}

function checkMethod({ method, body }: JsonObject): readonly Fault[] {
  if (method === undefined) return [];
  const expected = METHODS.join(', ');
  const name = typeof method === 'string' ? method.toUpperCase() : null;
  if (name === null || !METHODS.includes(name)) {
    return [{ path: 'method', message: 'is no method', got: shown(method), expected }];
  }
  if (body === undefined || body === null || allowsBody(name)) return [];
  return [
    {
      path: 'body',
      message: `a ${name} request has no body; use another method, or put it into the url`,
      got: shown(body),
    },
  ];
}

function checkHeaders(headers: JsonValue | undefined): readonly Fault[] {
  if (headers === undefined) return [];
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    const expected = 'an object of texts by header name: {"accept": "application/json"}';
    return [{ path: 'headers', message: 'is no object', got: shown(headers), expected }];
  }
  const names = Object.keys(headers);
  return Object.entries(headers).flatMap(([name, value]) => [
    ...checkHeaderName(name, names),
    ...checkHeaderValue(name, value),
  ]);
}

function checkHeaderName(name: string, names: readonly string[]): readonly Fault[] {
  const path = `headers.${name}`;
  const flaw = headerNameFlaw(name);
  if (flaw !== null) return [{ path, message: flaw, got: shown(name) }];
  const first = names.find((other) => other.toLowerCase() === name.toLowerCase());
  return first === name ? [] : [{ path, message: `is there twice, also as ${first}`, got: name }];
}

function checkHeaderValue(name: string, value: JsonValue): readonly Fault[] {
  const path = `headers.${name}`;
  if (typeof value !== 'string') {
    const hint = typeof value === 'number' || typeof value === 'boolean' ? `: "${value}"` : '';
    return [{ path, message: 'is no text', got: shown(value), expected: `a text${hint}` }];
  }
  const flaw = headerValueFlaw(headerValue(withoutReferences(value)));
  return flaw === null ? [] : [{ path, message: flaw }];
}

function checkTimeout(secs: JsonValue | undefined): readonly Fault[] {
  if (secs === undefined) return [];
  if (typeof secs === 'number' && secs >= 0 && secs <= MAX_TIMEOUT_SECS) return [];
  const expected = `a number of seconds up to ${MAX_TIMEOUT_SECS}; 0: no limit but the task's own`;
  return [{ path: 'timeout_secs', message: 'is no time limit', got: shown(secs), expected }];
}

/** With something harmless in place of every value that is not known yet. */
function withoutReferences(text: string): string {
  let rest = '';
  let done = 0;
  for (const { start, end } of scanReferences(text).references) {
    rest += `${text.slice(done, start)}x`;
    done = end;
  }
  return rest + text.slice(done);
}
