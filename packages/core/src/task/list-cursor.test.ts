import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './list-cursor.ts';

describe('a cursor', () => {
  it.each([
    [{ createdAt: 0, id: 'a' }],
    [{ createdAt: 1_795_176_896_174, id: 't_U6yfHw29rJKeDHE1J64K6w' }],
    [{ createdAt: Number.MAX_SAFE_INTEGER, id: 'f_---___' }],
  ])('leads back to its place %j', (place) => {
    expect(encodeCursor(place)).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeCursor(encodeCursor(place))).toEqual(place);
  });

  const good = encodeCursor({ createdAt: 12, id: 'abc' });
  it.each([
    [''],
    ['!'],
    [`${good}=`],
    [` ${good}`],
    ['ä'],
    [btoa('12')],
    [btoa('x:abc')],
    [btoa('012:abc')],
    [btoa('12:a/b')],
    [btoa('-1:abc')],
  ])('that nobody gave is none: %j', (cursor) => {
    expect(decodeCursor(cursor)).toBeNull();
  });
});
