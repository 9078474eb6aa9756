import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../../packages/store-drizzle/test/postgres/start-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A database of a real PostgreSQL, for tests to make others beside it. */
    postgresUrl: string;
  }
}

/** Starts PostgreSQL once for all tests of the program, unless TASKED_TEST_POSTGRES_URL names a running one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = process.env.TASKED_TEST_POSTGRES_URL;
  if (running !== undefined) {
    project.provide('postgresUrl', running);
    return async () => {};
  }
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  return () => server.stop();
}
