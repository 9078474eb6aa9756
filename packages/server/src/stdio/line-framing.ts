import type { Framing } from './framing.ts';

const NEWLINE = 10;

/** One message a line, as the protocol has it. */
export class LineFraming implements Framing {
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  push(chunk: Buffer): readonly string[] {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end === -1) {
      this.#pending.push(chunk);
      this.#pendingBytes += chunk.length;
      return [];
    }
    const lines = Buffer.concat([...this.#pending, chunk.subarray(0, end)]).toString();
    this.#pending = [chunk.subarray(end + 1)];
    this.#pendingBytes = chunk.length - end - 1;
    return lines.split('\n').filter((line) => line.trim() !== '');
  }

  rest(): string | null {
    const text = Buffer.concat(this.#pending).toString();
    return text.trim() === '' ? null : text;
  }

  frame(json: string): string {
    return `${json}\n`;
  }
}
