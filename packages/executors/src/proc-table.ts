import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { ATTEMPT_VARIABLE } from './attempt-marker.ts';
import type { ProcessEntry, ProcessTable } from './process-table.ts';

/** How many processes are read before the event loop has its turn: about 2 ms. */
const BATCH = 50;

/** The processes of a Linux machine, with the environment of those that this user may look at. */
export function procTable(): ProcessTable {
  return {
    list: async () => {
      const entries: ProcessEntry[] = [];
      const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
      for (const [index, pid] of pids.entries()) {
        if (index % BATCH === BATCH - 1) await setImmediate();
        const entry = readEntry(pid);
        if (entry !== null) entries.push(entry);
      }
      return entries;
    },
    identityOf: (pid) => readStat(String(pid))?.identity ?? null,
  };
}

function readEntry(pid: string): ProcessEntry | null {
  const stat = readStat(pid);
  if (stat === null) return null;
  return { ...stat, attempt: attemptIn(read(`/proc/${pid}/environ`)) };
}

function readStat(pid: string): Omit<ProcessEntry, 'attempt'> | null {
  const text = read(`/proc/${pid}/stat`);
  return text === null ? null : parseStat(text.toString('latin1'));
}

/** Parses `/proc/<pid>/stat`, proc_pid_stat(5); null for a process that has ended. */
export function parseStat(text: string): Omit<ProcessEntry, 'attempt'> | null {
  // The name may hold anything, brackets and spaces too.
  const nameEnd = text.lastIndexOf(')');
  const fields = text.slice(nameEnd + 2).split(' ');
  const [state, parentPid, groupId] = fields;
  const startTime = fields[19];
  if (startTime === undefined || state === 'Z' || state === 'X') return null;
  return {
    pid: Number.parseInt(text, 10),
    parentPid: Number(parentPid),
    groupId: Number(groupId),
    name: text.slice(text.indexOf('(') + 1, nameEnd),
    identity: startTime,
  };
}

const VARIABLE = Buffer.from(`${ATTEMPT_VARIABLE}=`);

/** The attempt that an environment names, given as the kernel keeps it: `NAME=value`s ended by NUL. */
export function attemptIn(environment: Buffer | null): string | null {
  if (environment === null) return null;
  for (let at = environment.indexOf(VARIABLE); at !== -1; ) {
    if (at === 0 || environment[at - 1] === 0) {
      const end = environment.indexOf(0, at);
      return environment
        .subarray(at + VARIABLE.length, end === -1 ? environment.length : end)
        .toString();
    }
    at = environment.indexOf(VARIABLE, at + 1);
  }
  return null;
}

function read(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    // It has ended meanwhile, or belongs to somebody else.
    return null;
  }
}
