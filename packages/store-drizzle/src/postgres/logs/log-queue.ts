import type { AttemptRef, LogStream } from '@tasked/core';
import { STREAM } from '../../encoding/codes.ts';

/** Most bytes of one batch. */
const BATCH_BYTES = 1024 * 1024;

/** Most bytes that wait. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Whose a piece of a log is, as the function `append_logs` names it: flow, task, fence, stream. */
interface LogName {
  readonly f: string;
  readonly t: string;
  readonly e: number;
  readonly s: number;
}

interface Piece {
  readonly name: LogName;
  readonly bytes: Buffer;
}

/** What is appended at once: some bytes, and which of them belong to which log. */
export interface LogBatch {
  readonly parts: readonly (LogName & { readonly start: number; readonly length: number })[];
  readonly bytes: Buffer;
}

/** What was printed and is not in the database yet, oldest first. */
export class LogQueue {
  #pieces: Piece[] = [];
  #bytes = 0;
  /** Logs of which something was refused since everything was written last. */
  readonly #holed = new Set<string>();

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes a copy. Returns false for what does not fit any more; a remark then stands in its place, one for all that is
   * missing there.
   */
  add(attempt: AttemptRef, stream: LogStream, chunk: Uint8Array): boolean {
    const { flowId, taskId, fence } = attempt;
    const name = { f: flowId, t: taskId, e: fence, s: STREAM[stream] };
    if (this.#bytes + chunk.length <= MAX_BYTES) {
      this.#push({ name, bytes: Buffer.from(chunk) });
      return true;
    }
    const key = keyOf(name);
    if (!this.#holed.has(key)) this.#push({ name, bytes: HOLE });
    this.#holed.add(key);
    return false;
  }

  /** The next batch, which is no longer in the queue; null when it is empty. */
  take(): LogBatch | null {
    const taken: Piece[] = [];
    let room = BATCH_BYTES;
    let count = 0;
    while (room > 0) {
      const piece = this.#pieces[count];
      if (piece === undefined) break;
      taken.push({ name: piece.name, bytes: piece.bytes.subarray(0, room) });
      if (piece.bytes.length > room) {
        this.#pieces[count] = { name: piece.name, bytes: piece.bytes.subarray(room) };
        break;
      }
      room -= piece.bytes.length;
      count += 1;
    }
    this.#pieces.splice(0, count);
    if (taken.length === 0) return null;
    const batch = batchOf(taken);
    this.#bytes -= batch.bytes.length;
    if (this.#bytes === 0) this.#holed.clear();
    return batch;
  }

  /** Forgets everything; returns how many bytes that were. */
  drop(): number {
    const dropped = this.#bytes;
    this.#pieces = [];
    this.#bytes = 0;
    this.#holed.clear();
    return dropped;
  }

  #push(piece: Piece): void {
    this.#pieces.push(piece);
    this.#bytes += piece.bytes.length;
  }
}

const HOLE = Buffer.from('\n[tasked: something is missing here: the database could not keep up]\n');

/** Joins the pieces of each log. */
function batchOf(pieces: readonly Piece[]): LogBatch {
  const logs = new Map<string, { readonly name: LogName; readonly bytes: Buffer[] }>();
  for (const { name, bytes } of pieces) {
    const log = logs.get(keyOf(name));
    if (log === undefined) logs.set(keyOf(name), { name, bytes: [bytes] });
    else log.bytes.push(bytes);
  }
  let start = 0;
  const parts = [...logs.values()].map(({ name, bytes }) => {
    const length = bytes.reduce((sum, piece) => sum + piece.length, 0);
    const part = { ...name, start, length };
    start += length;
    return part;
  });
  return { parts, bytes: Buffer.concat([...logs.values()].flatMap(({ bytes }) => bytes)) };
}

/** Neither a flow's nor a task's id has a slash in it. */
function keyOf({ f, t, e, s }: LogName): string {
  return `${f}/${t}/${e}/${s}`;
}
