/** How much of each stream an output keeps, in bytes. */
const OUTPUT_LIMIT_BYTES = 256 * 1024;

/** Keeps the last bytes of a stream, in memory of at most twice the limit however much comes. */
export class OutputTail {
  readonly #limit: number;
  #buffer = Buffer.alloc(0);
  #length = 0;
  #total = 0;

  constructor(limitBytes: number = OUTPUT_LIMIT_BYTES) {
    this.#limit = limitBytes;
  }

  push(chunk: Uint8Array): void {
    this.#total += chunk.length;
    const kept = chunk.length > this.#limit ? chunk.subarray(-this.#limit) : chunk;
    if (this.#length + kept.length > this.#buffer.length) this.#makeRoom(kept.length);
    this.#buffer.set(kept, this.#length);
    this.#length += kept.length;
  }

  /**
   * The kept end as text. It begins with a whole character, and bytes that are no UTF-8 are replaced
   * by U+FFFD. `droppedBytes` is how many bytes came before it.
   */
  read(): { readonly text: string; readonly droppedBytes: number } {
    const end = this.#length;
    let start = Math.max(0, end - this.#limit);
    if (this.#total > end - start) start = afterContinuation(this.#buffer, start, end);
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
      this.#buffer.subarray(start, end),
    );
    return { text, droppedBytes: this.#total - (end - start) };
  }

  /** Room for twice the limit lets the tail be moved once per `limit` bytes, not once per chunk. */
  #makeRoom(size: number): void {
    const keep = Math.min(this.#length, this.#limit);
    const wanted = Math.min(2 * this.#limit, Math.max(1024, 2 * (keep + size)));
    const next = wanted > this.#buffer.length ? Buffer.allocUnsafeSlow(wanted) : this.#buffer;
    this.#buffer.copy(next, 0, this.#length - keep, this.#length);
    this.#buffer = next;
    this.#length = keep;
  }
}

/** Skips what is left of a character whose first byte was dropped: at most three bytes. */
function afterContinuation(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && at < start + 3 && ((bytes[at] as number) & 0xc0) === 0x80) at += 1;
  return at;
}
