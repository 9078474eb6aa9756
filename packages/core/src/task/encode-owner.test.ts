import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeOwner } from './encode-owner.ts';

const part = fc.option(fc.string({ unit: 'binary', maxLength: 4 }));

describe('encodeOwner', () => {
  it('is the empty string for nobody, and for nobody else', () => {
    expect(encodeOwner({ principal: null })).toBe('');
    expect(encodeOwner({ principal: '' })).not.toBe('');
    expect(encodeOwner({ principal: null, tenant: '' })).not.toBe('');
  });

  it('gives two pairs one owner only when they are the same pair', () => {
    fc.assert(
      fc.property(part, part, part, part, (a, b, c, d) => {
        const same = a === c && b === d;
        const one = encodeOwner({ principal: a, tenant: b });
        expect(one === encodeOwner({ principal: c, tenant: d })).toBe(same);
      }),
      { numRuns: 2_000 },
    );
  });

  it('cannot be forged from inside a name', () => {
    const forged = encodeOwner({ principal: 'ann","acme', tenant: null });
    expect(forged).not.toBe(encodeOwner({ principal: 'ann', tenant: 'acme' }));
    expect(encodeOwner({ principal: 'a\u0000b' })).toBe(String.raw`["a\u0000b",null]`);
  });
});
