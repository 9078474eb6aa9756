import { type Executor, type Fault, TaskedError } from '@tasked/core';
import { passedEnvironment } from './environment.ts';
import { prepareLaunch } from './launch.ts';
import { type ProcessTracking, systemTracking } from './process-tracking.ts';
import { runCommand } from './run-command.ts';
import { checkShellConfig } from './shell-config.ts';
import { removeLeftFiles, ValueFiles } from './value-files.ts';
import { pinWorkingDirectory } from './working-directory.ts';

/** How commands are run on this machine. */
export interface ShellOptions {
  /** Names of variables that commands get from this process, beside PATH, HOME, USER, LANG and TMPDIR. */
  readonly passEnv?: readonly string[];
  /** How long a command that has to stop is given from SIGTERM to SIGKILL, in milliseconds; 5,000. */
  readonly graceMs?: number;
  /**
   * Where systems without /proc (macOS, BSD) keep which processes run, private to one user. Without it
   * nothing is reclaimed there. Linux needs none.
   */
  readonly stateDir?: string;
}

const DEFAULT_GRACE_MS = 5_000;

/**
 * Runs commands: `command` by /bin/sh, or with `args` a program directly; `env`, `cwd`; the task's input
 * is JSON on standard input. Exit code 0 succeeds with `{stdout, stderr, exit_code}`. Whatever happens
 * to a task, its whole process group ends with it. Throws `invalid_input` for options that make no sense.
 */
export function shellExecutor(options: ShellOptions = {}): Executor {
  return createShellExecutor(options, systemTracking(options.stateDir ?? null), process.platform);
}

/** {@link shellExecutor} with a given way to find processes, on a given platform. */
export function createShellExecutor(
  { passEnv = [], graceMs = DEFAULT_GRACE_MS }: ShellOptions,
  tracking: ProcessTracking,
  platform: NodeJS.Platform,
): Executor {
  if (!(graceMs >= 0 && graceMs < 2 ** 31)) {
    throw new TaskedError('invalid_input', `graceMs is ${graceMs}; give milliseconds, 0 or more`);
  }
  const { reclaim } = tracking;
  return {
    type: 'shell',
    rawFields: ['command'],
    check: (config) => [...checkPlatform(platform), ...checkShellConfig(config)],
    warn: async (task) => (await import('./warnings/task-warnings.ts')).taskWarnings(task),
    pin: pinWorkingDirectory,
    run: async (attempt) => {
      const files = new ValueFiles(attempt.ref);
      try {
        const prepared = await prepareLaunch(attempt, passedEnvironment(passEnv), files);
        if (prepared.kind === 'failed') return prepared;
        return await runCommand(prepared.launch, attempt, { tracking, graceMs });
      } finally {
        await files.remove();
      }
    },
    ...(reclaim !== null && {
      reclaim: async ({ ref }) => {
        await reclaim(ref);
        await removeLeftFiles(ref);
      },
    }),
  };
}

function checkPlatform(platform: NodeJS.Platform): readonly Fault[] {
  if (platform !== 'win32') return [];
  const message =
    'the shell executor does not run on Windows: it needs /bin/sh, process groups and signals; ' +
    'run Tasked inside WSL';
  return [{ path: 'command', message }];
}
