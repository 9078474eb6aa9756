import type { HttpRequest } from './http-request.ts';
import { isHttp, shownUrl } from './http-url.ts';

/** What a response means for where to ask next. */
export type Redirection =
  /** It is the answer. */
  | { readonly kind: 'none' }
  | { readonly kind: 'follow'; readonly request: HttpRequest }
  /** It leads where nobody should follow; `why` is a sentence. */
  | { readonly kind: 'refused'; readonly why: string };

const STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What another origin may see of the headers: any other may be a secret, whatever it is called. */
const HARMLESS = /^(?:accept(?:-.*)?|content-.*|user-agent|range|if-.*|cache-control)$/;

/**
 * Reads a redirect as browsers do (https://fetch.spec.whatwg.org/#http-redirect-fetch), but never goes
 * from https to http, and takes only harmless headers along to another origin.
 */
export function redirection(
  request: HttpRequest,
  status: number,
  location: string | undefined,
): Redirection {
  if (!STATUSES.has(status) || location === undefined) return { kind: 'none' };
  if (!URL.canParse(location, request.url.href)) {
    return { kind: 'refused', why: 'it redirects to something that is no URL' };
  }
  const url = new URL(location, request.url);
  url.username = '';
  url.password = '';
  if (!isHttp(url.protocol)) {
    return { kind: 'refused', why: `it redirects to ${url.protocol}, which is not spoken here` };
  }
  if (request.url.protocol === 'https:' && url.protocol === 'http:') {
    return { kind: 'refused', why: `it redirects from https to ${shownUrl(url)}, unencrypted` };
  }
  return { kind: 'follow', request: redirected(request, status, url) };
}

function redirected(request: HttpRequest, status: number, url: URL): HttpRequest {
  const becomesGet = changesMethod(request.method, status);
  const isElsewhere = url.origin !== request.url.origin;
  const headers = Object.entries(request.headers).filter(
    ([name]) =>
      (!isElsewhere || HARMLESS.test(name)) && !(becomesGet && name.startsWith('content-')),
  );
  return {
    method: becomesGet ? 'GET' : request.method,
    url,
    headers: Object.fromEntries(headers),
    body: becomesGet ? null : request.body,
  };
}

function changesMethod(method: string, status: number): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}
