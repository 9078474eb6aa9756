import { isDeeperThan } from './json-depth.ts';

/**
 * How deep lists and objects may be nested in what is stored. `JSON.stringify` can go somewhat deeper, but
 * how far depends on the stack that is left where it is called.
 */
const MAX_DEPTH = 1_000;

/** A value's compact JSON, or what is wrong with it, in words that go on after its name. */
export type MeasuredJson =
  | { readonly kind: 'fits'; readonly text: string }
  | { readonly kind: 'not_json' | 'too_large'; readonly flaw: string };

/** Measures a value that is to be stored: as UTF-8 it may have at most `maxBytes`. Never throws. */
export function measureJson(value: unknown, maxBytes: number): MeasuredJson {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'not_json', flaw: `is not JSON: ${reason}` };
  }
  if (text === undefined) return { kind: 'not_json', flaw: `is not JSON: it is a ${typeof value}` };
  if (isDeeperThan(MAX_DEPTH, text)) {
    return { kind: 'not_json', flaw: `is nested more than ${MAX_DEPTH} deep` };
  }
  // UTF-8 takes at most 3 bytes for each UTF-16 unit: a short text need not be counted.
  if (text.length <= maxBytes / 3) return { kind: 'fits', text };
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return { kind: 'fits', text };
  return { kind: 'too_large', flaw: `has ${bytes} bytes of JSON; at most ${maxBytes} are kept` };
}
