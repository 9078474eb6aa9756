import { PREVIEW_CHARS } from '../answer-limits.ts';
import type { TaskEntry } from './task-entry.ts';

/** How much of each output and error to show; the first with which all entries fit is taken. */
const PREVIEW_STEPS = [PREVIEW_CHARS, 1_000, 500, 200, 80] as const;

/**
 * The entries of a page within `budget` characters of JSON: as much of each output as lets all of them in,
 * and where even the least does not, as many entries as fit. `entriesWith` MUST give the same tasks every time.
 */
export function fitEntries(
  entriesWith: (maxChars: number) => readonly TaskEntry[],
  budget: number,
): readonly TaskEntry[] {
  let shortest: readonly TaskEntry[] = [];
  for (const maxChars of PREVIEW_STEPS) {
    shortest = entriesWith(maxChars);
    if (howManyFit(shortest, budget) === shortest.length) return shortest;
  }
  return shortest.slice(0, howManyFit(shortest, budget));
}

function howManyFit(entries: readonly TaskEntry[], budget: number): number {
  let used = 0;
  for (const [place, entry] of entries.entries()) {
    used += JSON.stringify(entry).length + 1;
    if (used > budget) return place;
  }
  return entries.length;
}
