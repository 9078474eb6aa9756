import { constants } from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import type { JsonObject, Outcome, TaskFailure } from '@tasked/core';
import type { OutputTail } from './output-tail.ts';
import type { CommandExit } from './start-command.ts';

const MAX_LINE_CHARS = 200;

/** What a command has printed so far. */
export interface CommandOutput {
  readonly stdout: OutputTail;
  readonly stderr: OutputTail;
}

/** Success for exit code 0, a failure for everything else; both with what was printed. */
export function exitOutcome(exit: CommandExit, output: CommandOutput): Outcome {
  const value = outputValue(exit, output);
  if (exit.code === 0) return { kind: 'succeeded', output: value };
  return { kind: 'failed', failure: exitFailure(exit, output), output: value };
}

/**
 * `{stdout, stderr, exit_code}`; beyond these `stdout_dropped_bytes` and `stderr_dropped_bytes` where the
 * beginning was dropped, and `signal` with `exit_code` null where a signal ended the command.
 */
export function outputValue(exit: CommandExit | null, output: CommandOutput): JsonObject {
  const stdout = output.stdout.read();
  const stderr = output.stderr.read();
  return {
    stdout: stdout.text,
    stderr: stderr.text,
    exit_code: exit?.code ?? null,
    ...(stdout.droppedBytes > 0 && { stdout_dropped_bytes: stdout.droppedBytes }),
    ...(stderr.droppedBytes > 0 && { stderr_dropped_bytes: stderr.droppedBytes }),
    ...(exit !== null && exit.signal !== null && { signal: exit.signal }),
  };
}

function exitFailure({ code, signal }: CommandExit, output: CommandOutput): TaskFailure {
  const said = lastWords(output);
  if (code === null) {
    const hint = signal === 'SIGKILL' ? ' (often: the machine ran out of memory)' : '';
    const message = `ended by ${signal} from outside${hint}${said}`;
    return { code: 'signal', message, retryable: true };
  }
  const message = `exit code ${code}${said}${exitCodeHint(code)}`;
  return { code: 'exit_code', message, retryable: true };
}

/** What shells mean by their own exit codes. */
function exitCodeHint(code: number): string {
  if (code === 127)
    return ' (a command was not found; the PATH is that of the runner, or of `env`)';
  if (code === 126) return ' (a command is no executable file, or a directory)';
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return code > 128 && signal !== undefined ? ` (a command was ended by ${signal[0]})` : '';
}

function lastWords({ stdout, stderr }: CommandOutput): string {
  const error = lastLine(stderr.read().text);
  if (error !== '') return `: ${error}`;
  const printed = lastLine(stdout.read().text);
  return printed === '' ? '' : `, nothing on stderr; last line of stdout: ${printed}`;
}

function lastLine(text: string): string {
  const lines = stripVTControlCharacters(text.slice(-10_000)).split(/[\r\n]+/);
  const line = lines.findLast((candidate) => candidate.trim() !== '')?.trim() ?? '';
  return line.length <= MAX_LINE_CHARS ? line : `${line.slice(0, MAX_LINE_CHARS)}…`;
}
