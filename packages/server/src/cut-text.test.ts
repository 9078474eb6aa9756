import { describe, expect, it } from 'vitest';
import { cutText, cutToJson } from './cut-text.ts';

describe('cutText', () => {
  it('keeps what is short enough', () => {
    expect(cutText('abc', 3)).toBe('abc');
  });

  it('never cuts through a character', () => {
    expect(cutText('a😀b', 2)).toBe('a');
    expect(cutText('a😀b', 3)).toBe('a😀');
  });
});

describe('cutToJson', () => {
  it('counts what a JSON string takes', () => {
    expect(cutToJson('abc', 5)).toBe('abc');
    for (const text of [
      '\n'.repeat(100),
      '\u0001'.repeat(100),
      '😀'.repeat(100),
      'x'.repeat(100),
    ]) {
      const cut = cutToJson(text, 40);
      expect(JSON.stringify(cut).length).toBeLessThanOrEqual(40);
      expect(text.startsWith(cut)).toBe(true);
      expect(cut.length).toBeGreaterThan(3);
    }
  });
});
