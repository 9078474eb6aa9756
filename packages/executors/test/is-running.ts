import { procTable } from '../src/proc-table.ts';

/** True while a process of that pid runs; false for one that has ended and only waits to be noticed. */
export function isRunning(pid: number): boolean {
  return procTable().identityOf(pid) !== null;
}
