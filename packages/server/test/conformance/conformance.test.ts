import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runScenario } from './run-scenario.ts';
import { SERVER_SCENARIOS, TASK_SCENARIOS } from './scenarios.ts';
import { type StartedFixture, startFixture } from './start-fixture.ts';

const data = mkdtempSync(join(tmpdir(), 'tasked-conformance-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));

const ALL = [...TASK_SCENARIOS, ...SERVER_SCENARIOS];

const FIXTURES = [
  { tasks: 'durable', store: 'memory', where: () => [], scenarios: ALL },
  { tasks: 'durable', store: 'sqlite', where: () => ['--data', data], scenarios: TASK_SCENARIOS },
  {
    tasks: 'durable',
    store: 'postgres',
    where: () => ['--url', inject('postgresUrl')],
    scenarios: TASK_SCENARIOS,
  },
  { tasks: 'standalone', store: 'memory', where: () => [], scenarios: TASK_SCENARIOS },
] as const;

describe.each(FIXTURES)('the official suite, $tasks tasks in $store', (fixtureOf) => {
  const { tasks, store, where, scenarios } = fixtureOf;
  let fixture: StartedFixture;

  beforeAll(async () => {
    fixture = await startFixture('--tasks', tasks, '--store', store, ...where());
  });

  afterAll(() => {
    fixture.process.kill('SIGKILL');
  });

  it.concurrent.each([...scenarios])('%s', { timeout: 60_000 }, async (scenario) => {
    const checks = await runScenario(scenario, fixture.url);
    const passed = ['SUCCESS', 'INFO'];
    expect(checks.filter(({ status }) => !passed.includes(status))).toEqual([]);
    expect(checks.filter(({ status }) => status === 'SUCCESS')).not.toEqual([]);
  });
});
