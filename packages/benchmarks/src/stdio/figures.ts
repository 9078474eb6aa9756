import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure, Round } from '../figure.ts';
import { median } from '../statistics.ts';
import { stdioFigures } from './start-stdio.ts';

/** What is measured of the stdio app. */
export const STDIO_FIGURES = {
  toolsList: { title: 'start to tools/list, compiled code kept', unit: 'ms', atMost: 300 },
  firstToolsList: { title: 'start to tools/list, the very first', unit: 'ms', atMost: 300 },
  memory: { title: 'idle memory', unit: 'MB', atMost: 90 },
} as const satisfies Record<string, Figure>;

/** Key of one of {@link STDIO_FIGURES}. */
export type StdioFigureName = keyof typeof STDIO_FIGURES;

/**
 * One round: three starts that find no compiled code, as on a machine that never ran the app, and after each one that
 * finds what it left, as every later start does.
 */
export async function stdioRound(): Promise<Round<StdioFigureName>> {
  const pairs = [await startTwice(), await startTwice(), await startTwice()];
  return {
    toolsList: median(pairs.map(({ later }) => later.toolsListMs)),
    firstToolsList: median(pairs.map(({ first }) => first.toolsListMs)),
    memory: median(pairs.map(({ later }) => later.idleMegabytes)),
  };
}

async function startTwice() {
  const cacheDir = await mkdtemp(join(tmpdir(), 'tasked-cache-'));
  const first = await stdioFigures(cacheDir);
  const later = await stdioFigures(cacheDir);
  await rm(cacheDir, { recursive: true });
  return { first, later };
}
