import type { Figure, Round } from '../figure.ts';
import { median } from '../statistics.ts';
import { stdioFigures } from './start-stdio.ts';

/** What is measured of the stdio app. */
export const STDIO_FIGURES = {
  toolsList: { title: 'start to tools/list', unit: 'ms', atMost: 300 },
  memory: { title: 'idle memory', unit: 'MB', atMost: 90 },
} as const satisfies Record<string, Figure>;

/** Key of one of {@link STDIO_FIGURES}. */
export type StdioFigureName = keyof typeof STDIO_FIGURES;

/** One round: the app is started three times. */
export async function stdioRound(): Promise<Round<StdioFigureName>> {
  const starts = [await stdioFigures(), await stdioFigures(), await stdioFigures()];
  return {
    toolsList: median(starts.map((each) => each.toolsListMs)),
    memory: median(starts.map((each) => each.idleMegabytes)),
  };
}
