import { readFileSync } from 'node:fs';

/** What the data file is about. */
export interface DataFile {
  /** The names of the gauges, in the order in which they first appear. */
  readonly gauges: readonly string[];
  readonly rows: number;
}

/** Reads which gauges a file of `time,gauge,celsius` lines has. */
export function readDataFile(path: string | URL): DataFile {
  const [, ...rows] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const gauges = new Set(rows.map((row) => row.split(',')[1] ?? ''));
  return { gauges: [...gauges], rows: rows.length };
}
