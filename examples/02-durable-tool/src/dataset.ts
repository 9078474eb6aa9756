import { setTimeout as elapsed } from 'node:timers/promises';

/** In how many parts a dataset is read. */
export const CHUNKS = 10;

const ROWS_OF_CHUNK = 1_000;

/** Which part of which dataset, and by whose how-manieth attempt. */
export interface ChunkOf {
  readonly dataset: string;
  readonly index: number;
  readonly attempt: number;
}

/**
 * Reads a chunk from where datasets are: here from nowhere, for as long as it takes there. Rejects when it is told to stop,
 * and once, in the sixth chunk, for a dataset whose name begins with `flaky`.
 */
export async function readChunk(
  { dataset, index, attempt }: ChunkOf,
  { takesMs, signal }: { readonly takesMs: number; readonly signal: AbortSignal },
): Promise<readonly number[]> {
  await elapsed(takesMs, undefined, { signal });
  if (dataset.startsWith('flaky') && index === 5 && attempt === 1) {
    throw new Error('the connection to the dataset was lost');
  }
  return Array.from({ length: ROWS_OF_CHUNK }, (_, row) => index * ROWS_OF_CHUNK + row);
}
