const NEWLINE = 0x0a;

/** Bytes that only grow. */
export class ByteLog {
  #bytes = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = length;
  }

  /** A copy of at most `limit` bytes from `offset` on. */
  read(offset: number, limit: number): Uint8Array {
    return this.#bytes.slice(offset, Math.min(offset + limit, this.#length));
  }

  /** Where the last `lines` lines begin. The newline at the very end ends a line and begins none. */
  startOfTail(lines: number): number {
    let start = this.#length;
    for (let line = 0; line < lines && start > 0; line++) {
      start = this.#bytes.subarray(0, start - 1).lastIndexOf(NEWLINE) + 1;
    }
    return start;
  }
}
