import { expect, it, onTestFinished, vi } from 'vitest';
import type { TestProject, Vitest } from 'vitest/node';
import { setup } from './setup.ts';

it('a server that is named serves all projects of a run, and outlives it', async () => {
  vi.stubEnv('TASKED_TEST_POSTGRES_URL', 'postgres://named/tests');
  onTestFinished(() => void vi.unstubAllEnvs());
  const run = new Run();
  const ends = [await setup(run.project()), await setup(run.project())];
  expect(run.provided).toEqual([['postgresUrl', 'postgres://named/tests']]);
  for (const end of ends) await end();
});

it('of all projects of a run one starts a server', async () => {
  vi.stubEnv('TASKED_TEST_POSTGRES_URL', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  const run = new Run();
  const ends = [await setup(run.project()), await setup(run.project())];
  onTestFinished(async () => {
    for (const end of ends.reverse()) await end();
  });
  expect(run.provided).toEqual([['postgresUrl', expect.stringContaining('postgres://')]]);
});

/** What projects of one run of vitest have in common. */
class Run {
  readonly provided: [string, unknown][] = [];

  project(): TestProject {
    const vitest = {
      getProvidedContext: () => Object.fromEntries(this.provided),
      provide: (key: string, value: unknown) => void this.provided.push([key, value]),
    };
    return { vitest: vitest as unknown as Vitest } as TestProject;
  }
}
