import type { Framing } from './framing.ts';

const HEADER_END = /\r?\n\r?\n/;
const CONTENT_LENGTH = /^content-length:\s*(\d+)\s*$/im;
const LONGEST_HEADER = 4_096;

/** A `Content-Length` header before each message, as Tasked's documentation has it. */
export class HeaderFraming implements Framing {
  #chunks: Buffer[] = [];
  #pendingBytes = 0;
  /** Fewer bytes than this hold no whole message. */
  #needed = 0;

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
      const { begin, end } = messageIn(bytes, taken);
      this.#needed = end - taken;
      if (end > bytes.length) break;
      messages.push(bytes.toString('utf8', begin, end));
      taken = end;
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

/** Where the message after `from` begins and ends; it ends beyond the bytes while it is not all there. */
function messageIn(bytes: Buffer, from: number): { readonly begin: number; readonly end: number } {
  const text = bytes.toString('latin1', from, from + LONGEST_HEADER);
  const header = HEADER_END.exec(text);
  if (header === null) return { begin: from, end: bytes.length + 1 };
  const begin = from + header.index + header[0].length;
  const length = Number(CONTENT_LENGTH.exec(text.slice(0, header.index))?.[1] ?? 0);
  return { begin, end: begin + length };
}
