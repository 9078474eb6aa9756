import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { AttemptRef, JsonObject } from '@tasked/core';
import { afterEach, describe, expect, it } from 'vitest';
import { RunRecords } from '../src/run-records.ts';
import { createShellExecutor } from '../src/shell-executor.ts';
import { TestAttempt } from './attempt.ts';
import { hasEnded, isRunning } from './is-running.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { TRACKINGS } from './trackings.ts';

/** Prints its pid once it is ready, and goes on for half a minute at least. */
const FOR_LONG = 'echo "pid=$$."; i=0; while [ $((i+=1)) -lt 600 ]; do sleep 0.05; done';
const REF: AttemptRef = { flowId: 'f_lost', taskId: 'build', fence: 3 };
const MARK = { TASKED_ATTEMPT: 'f_lost/build/3' };

const started: number[] = [];
afterEach(() => {
  for (const pid of started.splice(0)) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
});

describe.each(TRACKINGS)('reclaim, processes found %s', (name, track) => {
  const stateDir = temporaryDirectory();
  const shell = createShellExecutor({}, track(stateDir), process.platform);

  async function reclaim(ref: AttemptRef): Promise<void> {
    await shell.reclaim?.({ ref, executor: 'shell', config: {} });
  }

  /** Runs the attempts in a process that is then killed; resolves with the pid that each printed. */
  async function lose(...attempts: { ref: AttemptRef; config: JsonObject }[]): Promise<number[]> {
    const runner = runNode(new URL('./doomed-runner.ts', import.meta.url), [
      name,
      stateDir,
      JSON.stringify(attempts),
    ]);
    const pids = (await linesUntil(runner, 'ready')).map(Number);
    started.push(...pids);
    runner.kill('SIGKILL');
    await once(runner, 'exit');
    return pids;
  }

  it('ends the command of a runner that was killed', async () => {
    const [pid = 0] = await lose({ ref: REF, config: { command: FOR_LONG } });
    expect(isRunning(pid)).toBe(true);
    await reclaim(REF);
    expect(isRunning(pid)).toBe(false);
  });

  it('ends one that does not heed SIGTERM', async () => {
    const [pid = 0] = await lose({ ref: REF, config: { command: `trap '' TERM; ${FOR_LONG}` } });
    await reclaim(REF);
    expect(isRunning(pid)).toBe(false);
  });

  it('ends what is left of a group whose first process has ended', async () => {
    const [pid = 0] = await lose({ ref: REF, config: { command: `sh -c '${FOR_LONG}' & wait` } });
    const leader = Number(execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)]));
    process.kill(leader, 'SIGKILL');
    await hasEnded(leader);
    await reclaim(REF);
    expect(isRunning(pid)).toBe(false);
  });

  it('ends earlier attempts of the task, and nothing of a later one or of another task', async () => {
    const config = { command: FOR_LONG };
    const [earlier = 0, lost = 0, ...others] = await lose(
      { ref: { ...REF, fence: 2 }, config },
      { ref: REF, config },
      { ref: { ...REF, fence: 10 }, config },
      { ref: { ...REF, taskId: 'build-2' }, config },
      { ref: { ...REF, flowId: 'f_lost2' }, config },
    );
    await reclaim(REF);
    expect([earlier, lost].filter(isRunning)).toEqual([]);
    expect(others.filter(isRunning)).toEqual(others);
  });

  it('of what has ended long ago does nothing', async () => {
    const [pid = 0] = await lose({ ref: REF, config: { command: FOR_LONG } });
    process.kill(-pid, 'SIGKILL');
    await hasEnded(pid);
    await reclaim(REF);
    await reclaim({ ...REF, taskId: 'never-ran' });
  });

  it('leaves a process alone that only speaks of the attempt', async () => {
    const pid = await startForeign(['TASKED_ATTEMPT=f_lost/build/3'], {
      OTHER: 'TASKED_ATTEMPT=f_lost/build/3',
      XTASKED_ATTEMPT: 'f_lost/build/3',
    });
    await reclaim(REF);
    expect(isRunning(pid)).toBe(true);
  });
});

describe('reclaim by environment', () => {
  it('never ends the process that reclaims, nor those it descends from, also when they are marked', async () => {
    const marked = await startForeign([], MARK);
    const reclaimer = runNode(
      new URL('./reclaimer.ts', import.meta.url),
      [JSON.stringify(REF)],
      MARK,
    );
    expect(await linesUntil(reclaimer, 'reclaimed')).toEqual([]);
    expect(isRunning(marked)).toBe(false);
  });
});

describe('reclaim by record', () => {
  const stateDir = temporaryDirectory();
  const [, track] = TRACKINGS[1] as (typeof TRACKINGS)[1];
  const shell = createShellExecutor({}, track(stateDir), process.platform);

  it('leaves a later process alone that was given the same pid', async () => {
    const pid = await startForeign([], MARK);
    const anHourAgo = Date.now() - 3_600_000;
    new RunRecords(stateDir).add({ ref: REF, groupId: pid, startedAt: anHourAgo });
    await shell.reclaim?.({ ref: REF, executor: 'shell', config: {} });
    expect(isRunning(pid)).toBe(true);
  });

  it('leaves a group without its first process alone unless its environment names the attempt', async () => {
    const leader = spawn('sh', ['-c', `sh -c '${FOR_LONG}' & echo; wait`], { detached: true });
    const pid = await printedPid(leader);
    leader.kill('SIGKILL');
    await once(leader, 'exit');
    const records = new RunRecords(stateDir);
    records.add({ ref: REF, groupId: leader.pid ?? 0, startedAt: Date.now() });
    await shell.reclaim?.({ ref: REF, executor: 'shell', config: {} });
    expect(isRunning(pid)).toBe(true);
    expect(records.upTo(REF)).toEqual([]);
  });

  it('keeps no record of a command that has ended', async () => {
    await shell.run(new TestAttempt({ command: 'true' }, { ref: REF }));
    expect(new RunRecords(stateDir).upTo(REF)).toEqual([]);
  });
});

/** Starts a process in a group of its own that no executor started; resolves with its pid. */
async function startForeign(args: readonly string[], env: Record<string, string>): Promise<number> {
  const child = spawn('sh', ['-c', FOR_LONG, ...args], {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return await printedPid(child);
}

async function printedPid(child: ChildProcess): Promise<number> {
  for await (const chunk of child.stdout ?? []) {
    const found = /pid=(\d+)\./.exec(String(chunk));
    if (found === null) continue;
    started.push(Number(found[1]));
    return Number(found[1]);
  }
  throw new Error('it printed no pid');
}

function runNode(program: URL, args: readonly string[], env = {}): ChildProcess {
  return spawn(process.execPath, ['--conditions=@tasked/source', fileURLToPath(program), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The lines that a process prints before the given one. */
async function linesUntil(child: ChildProcess, last: string): Promise<string[]> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.endsWith(`${last}\n`)) return text.split('\n').slice(0, -2);
  }
  throw new Error(`it ended after printing ${JSON.stringify(text)}`);
}
