import { describe, expect, it } from 'vitest';
import { readLeniently } from './lenient-input.ts';

const schema = {
  type: 'object',
  properties: {
    count: { type: 'integer' },
    text: { type: 'string' },
    free: {},
    config: { type: 'object' },
    items: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          depends_on: { type: 'array', items: { type: 'string' } },
          n: { type: 'number' },
        },
      },
    },
  },
} as const;

describe('readLeniently', () => {
  const read = (value: unknown) => readLeniently(value, schema);

  it('leaves what is right as it is', () => {
    const value = { count: 1, text: '2', items: [{ depends_on: ['a'], n: 1.5 }] };
    expect(read(value)).toEqual({ value, assumed: [] });
  });

  it.each([
    ['12', 12],
    [' -1.5 ', -1.5],
  ])('reads the text %o as a number', (count, number) => {
    expect(read({ count })).toEqual({
      value: { count: number },
      assumed: ['count: the text was read as a number'],
    });
  });

  it.each(['', 'ten', '1e3', '0x10', '1,5', 'Infinity', null, true])(
    'does not read %o as a number',
    (count) => {
      expect(read({ count })).toEqual({ value: { count }, assumed: [] });
    },
  );

  it('reads a list from text, and what is in it', () => {
    expect(read({ items: '[{"needs": ["a"], "n": "3"}]' })).toEqual({
      value: { items: [{ depends_on: ['a'], n: 3 }] },
      assumed: [
        'items: the text was read as a JSON list',
        'items[].needs: was read as depends_on',
        'items[].n: the text was read as a number',
      ],
    });
  });

  it('leaves a text that is no list for the strict check', () => {
    for (const items of ['[1', '{}', '"x"', 'a']) {
      expect(read({ items })).toEqual({ value: { items }, assumed: [] });
    }
  });

  it('tells each kind of assumption once, however often it was made', () => {
    const { assumed } = read({ items: [{ n: '1' }, { n: '2' }] });
    expect(assumed).toEqual(['items[].n: the text was read as a number']);
  });

  it('leaves needs alone beside depends_on, and where no depends_on belongs', () => {
    const both = { items: [{ needs: ['a'], depends_on: ['b'] }], needs: ['c'] };
    expect(read(both)).toEqual({ value: both, assumed: [] });
  });

  it('never looks into free-form values', () => {
    const value = { free: { n: '1', items: '[]' }, config: { needs: '1' } };
    expect(read(value)).toEqual({ value, assumed: [] });
  });

  it('keeps unknown fields, even __proto__, for the strict check to find', () => {
    const value = JSON.parse('{"__proto__": {"count": 1}, "constructor": 2}') as object;
    expect(Object.keys(read(value).value as object)).toEqual(['__proto__', 'constructor']);
  });

  it.each([null, 'x', 3, []])('leaves %o alone where an object belongs', (value) => {
    expect(read(value)).toEqual({ value, assumed: [] });
  });
});
