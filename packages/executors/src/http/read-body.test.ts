import { describe, expect, it } from 'vitest';
import { decodersOf } from './read-body.ts';

describe('decodersOf', () => {
  it.each([
    ['', 0],
    ['identity', 0],
    ['gzip', 1],
    ['gzip, br', 2],
    [Array(5).fill('gzip').join(), 5],
  ])('"%s" takes %i', (encoding, count) => {
    expect(decodersOf(encoding)).toHaveLength(count);
  });

  it.each(['zip', 'gzip, zip', Array(6).fill('gzip').join()])('leaves "%s" alone', (encoding) => {
    expect(decodersOf(encoding)).toBeNull();
  });
});
