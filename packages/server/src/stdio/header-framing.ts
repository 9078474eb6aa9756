import type { Framing } from './framing.ts';

const HEADER_END = /\r?\n\r?\n/;
const CONTENT_LENGTH = /content-length:[ \t]*(\d+)/gi;

/** Bytes among which a header must end. */
const LONGEST_HEADER = 4_096;

/**
 * A `Content-Length` header before each message, as Tasked's documentation has it. What stands where a header
 * should be is given as a message, for the sender to hear of it, and the next header is looked for: a wrong
 * length costs the messages that it swallows, not the connection.
 */
export class HeaderFraming implements Framing {
  #chunks: Buffer[] = [];
  #pendingBytes = 0;
  /** Fewer bytes than this hold no whole message. */
  #needed = 0;
  /** True while what comes in is no header, which was told already. */
  #isLost = false;
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  push(chunk: Buffer): readonly string[] {
    this.#chunks.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes < this.#needed) return [];
    const bytes = Buffer.concat(this.#chunks);
    const messages: string[] = [];
    let taken = 0;
    for (;;) {
      const piece = pieceAt(bytes, taken, this.#maxBytes);
      this.#needed = piece.end - taken;
      if (piece.end > bytes.length) break;
      if (piece.kind === 'message' || !this.#isLost) {
        messages.push(bytes.toString('utf8', piece.begin, piece.end));
      }
      this.#isLost = piece.kind === 'garbage';
      taken = piece.end;
    }
    this.#chunks = [bytes.subarray(taken)];
    this.#pendingBytes = bytes.length - taken;
    return messages;
  }

  rest(): null {
    return null;
  }

  frame(json: string): string {
    return `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`;
  }
}

/** What comes next in a stream; it ends beyond the bytes while it is not all there. */
interface Piece {
  readonly kind: 'message' | 'garbage';
  readonly begin: number;
  readonly end: number;
}

function pieceAt(bytes: Buffer, from: number, maxBytes: number): Piece {
  const text = bytes.toString('latin1', from, from + LONGEST_HEADER);
  const end = HEADER_END.exec(text);
  if (end === null) {
    if (text.length < LONGEST_HEADER)
      return { kind: 'message', begin: from, end: bytes.length + 1 };
    // The second half may be the beginning of a header.
    return { kind: 'garbage', begin: from, end: from + LONGEST_HEADER / 2 };
  }
  const begin = from + end.index + end[0].length;
  // The last one: what stands before it may be the rest of a message that was longer than its header said.
  const length = [...text.slice(0, end.index).matchAll(CONTENT_LENGTH)].at(-1)?.[1];
  if (length === undefined || Number(length) > maxBytes) {
    return { kind: 'garbage', begin: from, end: begin };
  }
  return { kind: 'message', begin, end: begin + Number(length) };
}
