import { describe, expect, it } from 'vitest';
import { pinMethod } from './prepare-request.ts';

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
