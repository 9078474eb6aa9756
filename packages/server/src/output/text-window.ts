import type { StreamBytes } from './stream-bytes.ts';

/** A piece of a stream as text. */
export interface TextWindow {
  readonly text: string;
  /** Where the text begins and ends in the stream, in bytes. */
  readonly start: number;
  readonly end: number;
}

/** How much of a window to keep when it is too long, and which end of it. */
export interface WindowLimit {
  /** Characters that the text may take as a JSON string, where a line break or a quote counts twice. */
  readonly maxChars: number;
  readonly keep: 'first' | 'last';
}

/** Longest UTF-8 sequence, in bytes. */
export const MAX_CHAR_BYTES = 4;

/**
 * Decodes UTF-8 and shortens it to the limit, whole characters only: one that an edge of the window cuts in two
 * is left out, so that the window begins later or ends earlier. What is no UTF-8 becomes U+FFFD.
 */
export function textWindow(stream: StreamBytes, { maxChars, keep }: WindowLimit): TextWindow {
  let { bytes, start } = stream;
  for (;;) {
    const window = decode({ ...stream, bytes, start });
    const length = JSON.stringify(window.text).length;
    if (length <= maxChars || bytes.length <= MAX_CHAR_BYTES) return window;
    const fewer = Math.min(bytes.length - 1, Math.floor((bytes.length * maxChars) / length));
    const kept = Math.max(fewer, MAX_CHAR_BYTES);
    if (keep === 'last') start += bytes.length - kept;
    bytes = keep === 'first' ? bytes.subarray(0, kept) : bytes.subarray(-kept);
  }
}

function decode({ bytes, start, size, isFinal }: StreamBytes): TextWindow {
  const head = start === 0 ? 0 : leadingContinuations(bytes);
  const isEnd = isFinal && start + bytes.length >= size;
  const tail = isEnd ? 0 : trailingIncomplete(bytes.subarray(head));
  const whole = bytes.subarray(head, bytes.length - tail);
  return {
    text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(whole),
    start: start + head,
    end: start + head + whole.length,
  };
}

/** How many bytes at the beginning belong to a character that began before. */
function leadingContinuations(bytes: Uint8Array): number {
  let count = 0;
  while (count < MAX_CHAR_BYTES - 1 && isContinuation(bytes[count])) count += 1;
  return count;
}

/** How many bytes at the end are the beginning of a character that goes on after them. */
function trailingIncomplete(bytes: Uint8Array): number {
  for (let back = 1; back < MAX_CHAR_BYTES && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back];
    if (byte !== undefined && !isContinuation(byte)) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}

function sequenceLength(lead: number): number {
  if (lead >= 0b1111_0000) return 4;
  if (lead >= 0b1110_0000) return 3;
  return lead >= 0b1100_0000 ? 2 : 1;
}
