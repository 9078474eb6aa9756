import type { StopReason } from '@tasked/core';
import { describe, expect, it } from 'vitest';
import { createShellExecutor } from '../src/shell-executor.ts';
import { outputOf, TestAttempt } from './attempt.ts';
import { hasEnded, isRunning } from './is-running.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { TRACKINGS } from './trackings.ts';

/** Prints its pid once it is ready, and goes on for half a minute at least. */
const FOR_LONG = 'echo "pid=$$."; i=0; while [ $((i+=1)) -lt 600 ]; do sleep 0.05; done';
const STUBBORN = `trap '' TERM; ${FOR_LONG}`;
/** Ends once a daemon in a session of its own has printed its pid. */
const WITH_DAEMON = `export READY="ready-$$"
setsid sh -c 'echo "pid=$$."; : >"$READY"; exec sleep 60' &
until [ -e "$READY" ]; do sleep 0.02; done`;
/** More than a command that heeds SIGTERM needs on a busy machine. */
const LONG_GRACE_MS = 20_000;

async function pidsPrinted(attempt: TestAttempt, count: number): Promise<readonly number[]> {
  await attempt.printed(new RegExp(`(?:pid=\\d+\\.[^]*){${count}}`));
  return [...attempt.text('stdout').matchAll(/pid=(\d+)\./g)].map(([, pid]) => Number(pid));
}

describe.each(TRACKINGS)('a command that has to stop, its processes found %s', (_name, track) => {
  const shellWith = (graceMs: number) =>
    createShellExecutor({ graceMs }, track(temporaryDirectory()), process.platform);
  const shell = shellWith(LONG_GRACE_MS);
  const impatient = shellWith(300);

  it.each<StopReason>(['cancelled', 'timeout', 'runner_lost', 'shutdown'])(
    'because of %s ends at once when it heeds SIGTERM',
    async (reason) => {
      const attempt = new TestAttempt({ command: FOR_LONG });
      const running = shell.run(attempt);
      const [pid = 0] = await pidsPrinted(attempt, 1);
      attempt.stop(reason);
      expect(await running).toEqual({
        kind: 'failed',
        failure: { code: reason, message: expect.stringContaining('stopped'), retryable: true },
        output: { stdout: `pid=${pid}.\n`, stderr: '', exit_code: null },
      });
      expect(isRunning(pid)).toBe(false);
      expect(attempt.text('log')).toMatch(
        /\[tasked\] stopping the command: \w+\n\[tasked\] sent SIGTERM to/,
      );
      expect(attempt.text('log')).not.toContain('SIGKILL');
    },
  );

  it('is killed after the grace period when it does not heed SIGTERM', async () => {
    const attempt = new TestAttempt({ command: STUBBORN });
    const running = impatient.run(attempt);
    const [pid = 0] = await pidsPrinted(attempt, 1);
    const stopped = performance.now();
    attempt.stop('timeout');
    await running;
    expect(isRunning(pid)).toBe(false);
    expect(performance.now() - stopped).toBeGreaterThan(299);
    expect(attempt.text('log')).toMatch(/sent SIGKILL to \d+ \(sh\)/);
  });

  it('may say goodbye: what it prints after SIGTERM is kept', async () => {
    const attempt = new TestAttempt({ command: `trap 'echo goodbye; exit 0' TERM; ${FOR_LONG}` });
    const running = shell.run(attempt);
    await pidsPrinted(attempt, 1);
    attempt.stop('cancelled');
    const outcome = await running;
    expect(outcome.kind).toBe('failed');
    expect(outputOf(outcome).stdout).toMatch(/goodbye\n$/);
  });

  it('is ended with its children and theirs', async () => {
    const grandchild = 'sh -c "echo pid=\\$\\$.; exec sleep 600"';
    const child = `sh -c '${grandchild} & echo "pid=$$."; exec sleep 600'`;
    const attempt = new TestAttempt({ command: `${child} & echo "pid=$$."; wait` });
    const running = shell.run(attempt);
    const pids = await pidsPrinted(attempt, 3);
    attempt.stop('cancelled');
    await running;
    expect(pids.filter(isRunning)).toEqual([]);
  });

  it('is not started when it has to stop before', async () => {
    const attempt = new TestAttempt({ command: 'echo started' });
    attempt.stop('cancelled');
    expect(outputOf(await shell.run(attempt)).stdout).toBe('');
  });
});

describe('on Linux', () => {
  const [, track] = TRACKINGS[0] as (typeof TRACKINGS)[0];
  const shell = createShellExecutor({ graceMs: 300 }, track(''), 'linux');

  it.each([
    ['heeds SIGTERM', FOR_LONG],
    ['does not', STUBBORN],
  ])('a daemon in a session of its own that %s is ended too', async (_what, daemon) => {
    const command = `(setsid sh -c '${daemon.replaceAll("'", `'\\''`)}' &); wait; sleep 60`;
    const attempt = new TestAttempt({ command });
    const running = shell.run(attempt);
    const [pid = 0] = await pidsPrinted(attempt, 1);
    attempt.stop('timeout');
    await running;
    expect(isRunning(pid)).toBe(false);
  });

  it('another attempt of the same task is left alone', async () => {
    const ref = { flowId: 'f_shared', taskId: 'task', fence: 3 };
    const later = new TestAttempt({ command: FOR_LONG }, { ref: { ...ref, fence: 4 } });
    const laterEnds = shell.run(later);
    const earlier = new TestAttempt({ command: FOR_LONG }, { ref });
    const earlierEnds = shell.run(earlier);
    const [[laterPid = 0], [earlierPid = 0]] = [
      await pidsPrinted(later, 1),
      await pidsPrinted(earlier, 1),
    ];
    earlier.stop('cancelled');
    await earlierEnds;
    expect([isRunning(earlierPid), isRunning(laterPid)]).toEqual([false, true]);
    later.stop('cancelled');
    await laterEnds;
  });
});

describe('the end of a command is that of its first process', () => {
  const cwd = temporaryDirectory();
  const shell = createShellExecutor({}, (TRACKINGS[0] as (typeof TRACKINGS)[0])[1](''), 'linux');

  it('a process in the background that holds the pipes does not hang it, and is ended', async () => {
    const attempt = new TestAttempt({ command: 'sleep 600 & echo "pid=$!."' });
    const outcome = await shell.run(attempt);
    expect(outcome.kind).toBe('succeeded');
    const [pid = 0] = await pidsPrinted(attempt, 1);
    expect(isRunning(pid)).toBe(false);
    expect(attempt.text('log')).toMatch(/\[tasked\] sent SIGTERM to \d+ \(sleep\)/);
  });

  it('a process in the background that ends soon is waited for', async () => {
    const attempt = new TestAttempt({ command: '(sleep 0.1; echo late) & echo early' });
    expect(outputOf(await shell.run(attempt)).stdout).toBe('early\nlate\n');
    expect(attempt.text('log')).not.toContain('SIGTERM');
  });

  it('a success leaves a daemon alone that made a session of its own, and reads no more of it', async () => {
    const attempt = new TestAttempt({ command: WITH_DAEMON, cwd });
    const outcome = await shell.run(attempt);
    expect(outcome.kind).toBe('succeeded');
    const [pid = 0] = await pidsPrinted(attempt, 1);
    expect(isRunning(pid)).toBe(true);
    expect(attempt.text('log')).toContain('holds its output open');
    process.kill(-pid, 'SIGKILL');
    await hasEnded(pid);
  });

  it('a failure leaves nothing', async () => {
    const attempt = new TestAttempt({ command: `${WITH_DAEMON}; exit 1`, cwd });
    expect(await shell.run(attempt)).toMatchObject({ failure: { code: 'exit_code' } });
    const [pid = 0] = await pidsPrinted(attempt, 1);
    expect(isRunning(pid)).toBe(false);
  });
});
