import { expect } from 'vitest';

/** Passes when the cases are exactly those of the list, each once. */
export function expectComplete(
  ids: readonly string[],
  cases: readonly { readonly id: string }[],
): void {
  expect(cases.map(({ id }) => id)).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
}
