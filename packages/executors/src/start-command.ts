import type { Launch } from './launch.ts';

/** How the process itself ended; one of the two is null. */
export interface CommandExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A command that runs in a session and process group of its own. */
export interface RunningCommand {
  /** Pid of its first process, and id of its process group. */
  readonly pid: number;
  /** Resolves when the first process has ended, whoever still holds its pipes. */
  readonly exited: Promise<CommandExit>;
  /** Resolves when it has ended and nobody holds its pipes any more. */
  readonly closed: Promise<unknown>;
  /** True once the first process has ended; until then nobody else can have its pid. */
  hasExited(): boolean;
  /** True while any process is in the group, also one that has ended and was not noticed yet. */
  hasGroup(): boolean;
  /** Reads no more, so that `closed` resolves soon after the exit. */
  stopReading(): void;
}

/** A running command, or the system's word for why it could not be started. */
export type Start =
  | { readonly kind: 'running'; readonly command: RunningCommand }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** Where output goes as it comes. */
export type OnOutput = (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;

/** Starts a command. It outlives this process unless somebody ends it. */
export async function startCommand(launch: Launch, onOutput: OnOutput): Promise<Start> {
  const { file, args, cwd, env, input } = launch;
  // Loaded here, because it costs more than the rest of this package, and not every process runs commands.
  const { execa } = await import('execa');
  const subprocess = execa(file, args, {
    cwd,
    env,
    extendEnv: false,
    detached: true,
    reject: false,
    buffer: false,
    encoding: 'buffer',
    ...(input === null ? { stdin: 'ignore' } : { input }),
  });
  const { pid, nodeChildProcess } = subprocess;
  if (pid === undefined) {
    const { code = 'UNKNOWN', originalMessage, shortMessage } = await subprocess;
    return { kind: 'failed', code, message: originalMessage ?? shortMessage ?? code };
  }
  subprocess.stdout.on('data', (chunk: Uint8Array) => onOutput('stdout', chunk));
  subprocess.stderr.on('data', (chunk: Uint8Array) => onOutput('stderr', chunk));
  const exited = new Promise<CommandExit>((resolve) => {
    nodeChildProcess.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const command: RunningCommand = {
    pid,
    exited,
    closed: subprocess,
    hasExited: () => nodeChildProcess.exitCode !== null || nodeChildProcess.signalCode !== null,
    hasGroup: () => hasGroup(pid),
    stopReading: () => {
      subprocess.stdout.destroy();
      subprocess.stderr.destroy();
    },
  };
  return { kind: 'running', command };
}

function hasGroup(groupId: number): boolean {
  try {
    return process.kill(-groupId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
