import { existsSync, readFileSync } from 'node:fs';

/** How often each task was started, by its own account. */
export type Starts = ReadonlyMap<string, number>;

/** Counts the starts in a file to which every task adds its id when it starts. */
export function readStarts(path: string): Starts {
  const starts = new Map<string, number>();
  if (!existsSync(path)) return starts;
  for (const id of readFileSync(path, 'utf8').split('\n')) {
    if (id !== '') starts.set(id, timesStarted(starts, id) + 1);
  }
  return starts;
}

/** How often one task was started. */
export function timesStarted(starts: Starts, id: string): number {
  return starts.get(id) ?? 0;
}

/** One sentence on what a kill cost, from the starts until then and all starts in the end. */
export function tellReruns(untilKill: Starts, inTheEnd: Starts): string {
  const ids = [...inTheEnd.keys()];
  const cutOff = ids.filter((id) => timesStarted(inTheEnd, id) > 1);
  const finished = ids.filter((id) => untilKill.has(id) && !cutOff.includes(id));
  const notBegun = ids.filter((id) => !untilKill.has(id) && !cutOff.includes(id));
  const most = Math.max(...cutOff.map((id) => timesStarted(inTheEnd, id)));
  return (
    `${tasks(finished)} had finished and did not run again; ` +
    `${tasks(cutOff)} ${cutOff.length === 1 ? 'was' : 'were'} cut off and ran ` +
    `${most > 2 ? 'again' : 'once more'}${names(cutOff)}; ` +
    `${tasks(notBegun)} began after the kill.`
  );
}

function tasks(ids: readonly string[]): string {
  return `${ids.length} ${ids.length === 1 ? 'task' : 'tasks'}`;
}

function names(ids: readonly string[]): string {
  return ids.length === 0 ? '' : ` (${ids.join(', ')})`;
}
