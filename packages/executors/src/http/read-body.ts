import { type Duplex, type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** How large the body of a response may be once it is decompressed. */
export const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

/** The body is larger than {@link BODY_LIMIT_BYTES}. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

const DECODERS: ReadonlyMap<string, () => Duplex> = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** Each takes memory, and nobody encodes a body more than twice. */
const MAX_DECODERS = 5;

/** What undoes a `content-encoding`, in order; null when nothing here does. */
export function decodersOf(encoding: string): readonly (() => Duplex)[] | null {
  const names = encoding
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  const decoders = names.reverse().flatMap((name) => DECODERS.get(name) ?? []);
  return decoders.length < names.length || names.length > MAX_DECODERS ? null : decoders;
}

/**
 * Reads a body to its end. Once there is too much of it, it is read no further and its connection closed:
 * then, and when it is broken off or `signal` aborts, it throws.
 */
export async function readBody(
  body: Readable,
  decoders: readonly (() => Duplex)[],
  signal: AbortSignal,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const collector = new Writable({
    write(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size <= BODY_LIMIT_BYTES) chunks.push(chunk);
      done(size <= BODY_LIMIT_BYTES ? null : new BodyTooLarge());
    },
  });
  await pipeline([body, ...decoders.map((decoder) => decoder()), collector], { signal });
  return Buffer.concat(chunks);
}
