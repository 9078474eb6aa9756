import type { JsonObject } from '@tasked/core';
import { describe, expect, it } from 'vitest';
import { checkHttpConfig } from './http-config.ts';

const url = 'https://example.org/';

function pathsOf(config: JsonObject): readonly string[] {
  return checkHttpConfig(config).map(({ path }) => path);
}

describe('checkHttpConfig', () => {
  it.each<JsonObject>([
    { url },
    { url: ' http://user:pass@localhost:8080/a?b=c#d ' },
    { url: 'HTTPS://EXAMPLE.org' },
    { url: '${tasks.a.output.url}' },
    { url: 'https://${tasks.a.output.host}:${tasks.a.output.port}/x' },
    { url: 'https://example.org/${tasks.a.output["a b"]}?q=${tasks.b.output}' },
    { url, method: 'post' },
    { url, method: 'GET', body: null },
    { url, method: 'DELETE', body: { a: 1 } },
    { url, body: '${tasks.a.output}' },
    { url, body: 0 },
    { url, headers: {}, timeout_secs: 0 },
    { url, headers: { 'X-A': '', b: 'c\n', Authorization: 'Bearer ä' } },
    { url, headers: { a: 'Bearer ${tasks.a.output["ключ"]}' }, timeout_secs: 0.5 },
    { url, timeout_secs: 604_800 },
  ])('accepts %j', (config) => {
    expect(checkHttpConfig(config)).toEqual([]);
  });

  it('reports every fault at once, each with its path', () => {
    const config = {
      url: 'ftp://example.org',
      method: 'FETCH',
      headers: { 'a b': 'x', c: 1, Host: 'x', host: 'y', d: 'e\nf' },
      timeout_secs: '5',
      heders: {},
    };
    expect(pathsOf(config)).toEqual([
      'url',
      'method',
      'headers.a b',
      'headers.c',
      'headers.host',
      'headers.d',
      'timeout_secs',
      'heders',
    ]);
  });

  it.each<[JsonObject, string]>([
    [{}, 'url'],
    [{ url: null }, 'url'],
    [{ url: 5 }, 'url'],
    [{ url: '' }, 'url'],
    [{ url: '/relative' }, 'url'],
    [{ url: 'example.org/x' }, 'url'],
    [{ url: 'http://' }, 'url'],
    [{ url: 'http://a b/' }, 'url'],
    [{ url: 'http://a/b\nc' }, 'url'],
    [{ url: 'javascript:alert(1)' }, 'url'],
    [{ url: 'file:///${tasks.a.output}' }, 'url'],
    [{ url, method: null }, 'method'],
    [{ url, method: 'CONNECT' }, 'method'],
    [{ url, method: '${tasks.a.output}' }, 'method'],
    [{ url, method: 'GET', body: 'x' }, 'body'],
    [{ url, method: 'head', body: {} }, 'body'],
    [{ url, headers: null }, 'headers'],
    [{ url, headers: ['a: b'] }, 'headers'],
    [{ url, headers: 'a: b' }, 'headers'],
    [{ url, headers: { a: null } }, 'headers.a'],
    [{ url, headers: { a: ['b'] } }, 'headers.a'],
    [{ url, headers: { '': 'b' } }, 'headers.'],
    [{ url, headers: { 'a:': 'b' } }, 'headers.a:'],
    [{ url, headers: { é: 'b' } }, 'headers.é'],
    [{ url, headers: { 'a\r\nb': 'c' } }, 'headers.a\r\nb'],
    [{ url, headers: { a: 'b\r\nc: d' } }, 'headers.a'],
    [{ url, headers: { a: '${tasks.a.output}\r\nc: d' } }, 'headers.a'],
    [{ url, headers: { a: 'b\0' } }, 'headers.a'],
    [{ url, headers: { a: '☃' } }, 'headers.a'],
    [{ url, headers: { 'Content-Length': '5' } }, 'headers.Content-Length'],
    [{ url, headers: { Connection: 'close' } }, 'headers.Connection'],
    [{ url, timeout_secs: -1 }, 'timeout_secs'],
    [{ url, timeout_secs: 604_801 }, 'timeout_secs'],
    [{ url, timeout_secs: null }, 'timeout_secs'],
  ])('refuses %j', (config, path) => {
    expect(pathsOf(config)).toEqual([path]);
  });

  it.each([
    ['uri', 'url'],
    ['URL', 'url'],
    ['verb', 'method'],
    ['metod', 'method'],
    ['header', 'headers'],
    ['json', 'body'],
    ['data', 'body'],
    ['timeout', 'timeout_secs'],
    ['timeoutSecs', 'timeout_secs'],
  ])('suggests for the field %s the field %s', (field, meant) => {
    const faults = checkHttpConfig({ url, [field]: 'x' });
    expect(faults).toMatchObject([{ path: field, message: 'unknown field', didYouMean: meant }]);
  });

  it('says where a field of the task belongs', () => {
    expect(checkHttpConfig({ url, retries: 5 })[0]?.message).toBe(
      'unknown field; `retries` of the task stands beside `config`',
    );
  });

  it('shows what was found, but no secrets of it', () => {
    expect(checkHttpConfig({ url: 'ftp://me:secret@host/x?key=secret' })).toEqual([
      {
        path: 'url',
        message: 'begins with ftp:, and only http and https are spoken',
        got: 'ftp://host/x?…',
        expected: 'an http or https URL, as text',
      },
    ]);
    const faults = checkHttpConfig({ url, headers: { authorization: 'secret\r\nx: secret' } });
    expect(JSON.stringify(faults)).not.toContain('secret');
  });

  it('shows how to write a number as a text', () => {
    expect(checkHttpConfig({ url, headers: { a: 5 } })[0]?.expected).toBe('a text: "5"');
  });
});
