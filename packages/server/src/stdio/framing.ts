import { HeaderFraming } from './header-framing.ts';
import { LineFraming } from './line-framing.ts';

/** How messages are told apart on a stream of bytes. */
export interface Framing {
  /** Takes what arrived; returns the messages that are complete now, as text. */
  push(chunk: Buffer): readonly string[];
  /** How many bytes wait for the rest of their message. */
  readonly pendingBytes: number;
  /** What is left when the stream ends, if it may be a message. */
  rest(): string | null;
  /** A message as it goes out. */
  frame(json: string): string;
}

/** What every header of a message begins with. */
const HEADER_START = 'content-';

/**
 * The framing that the first bytes of a connection speak, with messages of at most `maxBytes`; null when they
 * are too few to tell.
 */
export function detectFraming(first: Buffer, maxBytes: number): Framing | null {
  const start = first.toString('latin1').trimStart().slice(0, HEADER_START.length).toLowerCase();
  if (start === HEADER_START) return new HeaderFraming(maxBytes);
  return HEADER_START.startsWith(start) ? null : new LineFraming();
}
