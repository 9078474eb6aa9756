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

/** The framing that the first bytes of a connection speak: a header begins with a letter, JSON does not. */
export function detectFraming(first: Buffer): Framing {
  return /^\s*c/i.test(first.toString('latin1')) ? new HeaderFraming() : new LineFraming();
}
