import type { JsonObject, JsonValue } from '@tasked/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHttpConfig } from './http-config.ts';
import { pinMethod, prepareRequest } from './prepare-request.ts';

const anything = fc.oneof(
  fc.jsonValue(),
  fc.string(),
  fc.webUrl(),
  fc.constantFrom('POST', 'get', 'http://[', 'http://u:%zz@a/', '${tasks.a.output}', '\r\nx: y', 0),
) as fc.Arbitrary<JsonValue>;

const anyConfig = fc.record(
  {
    url: anything,
    method: anything,
    headers: fc.oneof(anything, fc.dictionary(fc.string(), anything)),
    body: anything,
    timeout_secs: anything,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

describe('prepareRequest', () => {
  it('makes a request of any config that was accepted, or says why not', () => {
    fc.assert(
      fc.property(anyConfig, anything, anything, (config, url, input) => {
        if (checkHttpConfig(config).length > 0) return;
        for (const resolved of [config, { ...config, url }]) {
          const prepared = prepareRequest({ config: pinMethod(resolved), input });
          if (prepared.kind === 'failed') continue;
          const { headers, body, method } = prepared.request;
          expect(JSON.stringify(Object.values(headers))).not.toMatch(/\\[rn]/);
          expect(body === null || (method !== 'GET' && method !== 'HEAD')).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('pinMethod', () => {
  it('fixes POST for a body that is not known yet, so that null makes no GET of it', () => {
    const config = { url: 'http://a/', body: '${tasks.a.output}' };
    expect(pinMethod(config)).toEqual({ ...config, method: 'POST' });
  });

  it.each([
    [{ url: 'http://a/' }],
    [{ url: 'http://a/', body: null }],
    [{ url: 'http://a/', body: 'x', method: 'PUT' }],
  ])('leaves %j as it is', (config) => {
    expect(pinMethod(config)).toBe(config);
  });
});
