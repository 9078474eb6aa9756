import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Ids of processes that carry `text` in their environment, as every process of a task carries its flow's id. */
export function processesWith(text: string): readonly number[] {
  return process.platform === 'linux' ? inProc(text) : inPs(text);
}

function inProc(text: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(text))
    .map(Number);
}

/** Empty when the process has ended meanwhile, or is not ours. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

function inPs(text: string): readonly number[] {
  return execFileSync('ps', ['-AEww', '-o', 'pid=,command='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(text))
    .map((line) => Number.parseInt(line, 10));
}
