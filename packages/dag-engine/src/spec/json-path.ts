import { shorten } from './show-value.ts';

/** Keys and indexes that lead to a place in a JSON value. */
export type JsonPath = readonly (string | number)[];

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** A path as people write it: `tasks[2].config.env["a b"]`. Keys that are very long are shortened. */
export function pathText(path: JsonPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (!PLAIN_KEY.test(step)) text += `[${JSON.stringify(shorten(step))}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** The place `inner` below the place `outer`, both as {@link pathText} writes them. */
export function joinPaths(outer: string, inner: string): string {
  if (outer === '' || inner === '') return outer + inner;
  return inner.startsWith('[') ? outer + inner : `${outer}.${inner}`;
}
