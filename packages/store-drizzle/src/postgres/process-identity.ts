import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Where ids of processes mean the same: one boot of one machine, and on Linux one namespace of process ids, since
 * containers have their own. Nobody else's where the system does not say.
 */
const MACHINE = process.platform === 'linux' ? linuxMachine() : hostname();

/** This process, as its machine tells it from others. */
export const THIS_PROCESS = `${process.pid}@${MACHINE}`;

/** True when this machine knows that the process has ended; false when that cannot be told from here. */
export function hasEnded(identity: string): boolean {
  const [pid, machine] = identity.split('@', 2);
  if (machine !== MACHINE) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function linuxMachine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return crypto.randomUUID();
  }
}
