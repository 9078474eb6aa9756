import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { type JsonObject, scanReferences, type TaskFailure } from '@tasked/core';

/**
 * Fixes where a command will run: `cwd`, or the directory of this process, as an absolute path. One that
 * begins with a reference stays, and must turn out to be absolute.
 */
export function pinWorkingDirectory(config: JsonObject): JsonObject {
  const { cwd = '.' } = config;
  if (typeof cwd !== 'string') return config;
  const [first] = scanReferences(cwd).references;
  if (first === undefined) return { ...config, cwd: resolve(cwd) };
  if (first.start === 0 || isAbsolute(cwd)) return config;
  // Joined as text: what a reference holds must not be normalised away with the path around it.
  return { ...config, cwd: `${process.cwd()}/${cwd}` };
}

/** What is wrong with a directory that a command is about to run in; null when nothing is. */
export async function workingDirectoryFailure(cwd: string): Promise<TaskFailure | null> {
  if (!isAbsolute(cwd)) {
    return failure(`cwd is "${cwd}", which is no absolute path; write the whole path`);
  }
  try {
    if ((await stat(cwd)).isDirectory()) return null;
    return failure(`cwd ${cwd} is no directory`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return failure(
        `cwd ${cwd} does not exist; create it in an earlier task or submit another cwd`,
      );
    }
    return failure(`cwd ${cwd} cannot be used: ${(error as Error).message}`);
  }
}

function failure(message: string): TaskFailure {
  return { code: 'bad_cwd', message, retryable: false };
}
