import { setTimeout as sleep } from 'node:timers/promises';
import { procTable } from '../src/proc-table.ts';

const table = procTable();

/** True while a process of that pid runs; false for one that has ended and only waits to be noticed. */
export function isRunning(pid: number): boolean {
  return table.identityOf(pid) !== null;
}

/** Resolves when the process has ended. */
export async function hasEnded(pid: number): Promise<void> {
  while (isRunning(pid)) await sleep(5);
}
