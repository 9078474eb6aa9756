import { TaskedError } from '@tasked/core';

type Driver = typeof import('postgres');

/**
 * postgres.js, which the application installs beside this package. It is loaded with the first store, so that
 * this package can be imported without it. Throws `unsupported` when it is not there.
 */
export async function driver(): Promise<Driver> {
  try {
    return (await import('postgres')).default;
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new TaskedError(
      'unsupported',
      'the PostgreSQL store needs postgres, which is not installed: run npm install postgres',
      { cause: error },
    );
  }
}

/** False for what postgres.js itself does not find. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Cannot find package 'postgres'");
}
