import { execFileSync } from 'node:child_process';
import type { ProcessEntry, ProcessTable } from './process-table.ts';

/** English dates in UTC, whatever the user prefers. */
const ENV = { ...process.env, LC_ALL: 'C', TZ: 'UTC0' };

const COLUMNS = ['pid=', 'ppid=', 'pgid=', 'stat=', 'lstart=', 'comm='].join(',');

/** The processes of any Unix machine, as ps(1) lists them. Their environments cannot be relied on. */
export function psTable(): ProcessTable {
  return {
    list: async () => {
      const { execa } = await import('execa');
      const { stdout } = await execa('ps', ['-A', '-ww', '-o', COLUMNS], { env: ENV });
      return stdout.split('\n').flatMap((line) => parsePsLine(line) ?? []);
    },
    identityOf: (pid) => {
      try {
        const args = ['-o', 'lstart=', '-p', String(pid)];
        return execFileSync('ps', args, { env: ENV, encoding: 'utf8' }).trim() || null;
      } catch {
        return null;
      }
    },
  };
}

const LINE =
  /^\s*(?<pid>\d+)\s+(?<parentPid>\d+)\s+(?<groupId>\d+)\s+(?<state>\S+)\s+(?<start>\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s+(?<name>.*)$/;

/** Parses one line of ps; null for a process that has ended, and for what is no line. */
export function parsePsLine(line: string): ProcessEntry | null {
  const found = LINE.exec(line)?.groups;
  if (found === undefined || found.state?.startsWith('Z')) return null;
  return {
    pid: Number(found.pid),
    parentPid: Number(found.parentPid),
    groupId: Number(found.groupId),
    name: found.name ?? '',
    identity: found.start ?? '',
    attempt: null,
  };
}

/** When the process with that identity (of {@link psTable}) began, to the second. */
export function startedAt(identity: string): number {
  return Date.parse(`${identity} UTC`);
}

/** True when the environment of one of the processes says that it belongs to that attempt. */
export async function showEnvironment(pids: readonly number[], setting: string): Promise<boolean> {
  const flags = process.platform === 'darwin' ? ['-E', '-ww'] : ['eww'];
  const args = [...flags, '-o', 'command=', '-p', pids.join(',')];
  const { execa } = await import('execa');
  const { stdout } = await execa('ps', args, { env: ENV, reject: false });
  return (stdout ?? '').split(/\s+/).includes(setting);
}
