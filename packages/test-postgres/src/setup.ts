import type { TestProject } from 'vitest/node';
import { startPostgres } from './start-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A database of a real PostgreSQL, for tests to put schemas into. */
    postgresUrl: string;
  }
}

/**
 * Gives the tests of a project `inject('postgresUrl')`. All projects of a run share one server: the first that
 * needs it starts it, unless TASKED_TEST_POSTGRES_URL names a running one. Rejects when none can run here.
 */
export async function setup({ vitest }: TestProject): Promise<() => Promise<void>> {
  if ('postgresUrl' in vitest.getProvidedContext()) return async () => {};
  const running = process.env.TASKED_TEST_POSTGRES_URL;
  if (running !== undefined) {
    vitest.provide('postgresUrl', running);
    return async () => {};
  }
  const server = await startPostgres();
  vitest.provide('postgresUrl', server.url);
  return () => server.stop();
}
