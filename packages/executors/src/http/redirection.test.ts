import { describe, expect, it } from 'vitest';
import type { HttpRequest } from './http-request.ts';
import { redirection } from './redirection.ts';

function request(url: string): HttpRequest {
  return {
    method: 'GET',
    url: new URL(url),
    headers: { accept: '*/*', 'x-api-key': 'secret' },
    body: null,
  };
}

/** Where a redirect leads, or why not. */
function target(from: string, location: string): string {
  const next = redirection(request(from), 302, location);
  if (next.kind === 'follow') return next.request.url.href;
  return next.kind === 'refused' ? next.why : next.kind;
}

describe('redirection', () => {
  it.each([
    ['http://a/b/c', 'd', 'http://a/b/d'],
    ['http://a/b/c', '/d?e', 'http://a/d?e'],
    ['http://a/', '//b/c', 'http://b/c'],
    ['http://a/', 'https://a/', 'https://a/'],
    ['https://a/', 'https://b/', 'https://b/'],
    ['http://a/', 'http://me:secret@b/', 'http://b/'],
    ['https://a/', 'http://a/b?key=secret', 'it redirects from https to http://a/b?…, unencrypted'],
    ['https://a/', 'data:text/plain,x', 'it redirects to data:, which is not spoken here'],
    ['http://a/', 'http://[', 'it redirects to something that is no URL'],
  ])('from %s to %s leads to: %s', (from, location, to) => {
    expect(target(from, location)).toBe(to);
  });

  it.each([200, 300, 304, 305, 404])('%i is an answer, wherever it leads', (status) => {
    expect(redirection(request('http://a/'), status, '/b')).toEqual({ kind: 'none' });
  });

  it('that says not whereto is an answer', () => {
    expect(redirection(request('http://a/'), 302, undefined)).toEqual({ kind: 'none' });
  });

  it.each([
    ['http://a/', true],
    ['http://a:80/', true],
    ['http://a:81/', false],
    ['https://a/', false],
    ['http://b/', false],
  ])('to %s takes secrets along: %s', (location, takes) => {
    const next = redirection(request('http://a/'), 302, location);
    const headers = next.kind === 'follow' ? next.request.headers : {};
    expect(headers).toEqual({ accept: '*/*', ...(takes && { 'x-api-key': 'secret' }) });
  });
});
