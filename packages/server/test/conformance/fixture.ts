import { type Logger, type Store, Tasks } from '@tasked/core';
import { Flows, Runner } from '@tasked/dag-engine';
import { FlowTasks, type ServerTool, StandaloneTasks, type TaskSource } from '@tasked/server';
import { MemoryLogStore } from '@tasked/store-memory';
import { FIXTURE_TOOLS, fixtureTools } from './fixture-tools.ts';
import { workedFixtureTools } from './worked-fixture-tools.ts';
import { WorkedTools } from './worked-tools.ts';

/** What the fixture server serves. */
interface Fixture {
  readonly tools: readonly ServerTool[];
  readonly source: TaskSource;
}

/** Durable tools, and the engine that runs them. */
export async function durable(store: Store, logger: Logger): Promise<Fixture> {
  const executors = FIXTURE_TOOLS.map(({ executor }) => executor);
  await new Runner({ store, logs: new MemoryLogStore(), executors }).start();
  const flows = new Flows({ store, executors: [] });
  return { tools: fixtureTools({ flows, logger }), source: new FlowTasks({ flows }) };
}

/** Tools that work on standalone tasks by themselves, as a server without an engine has them. */
export async function standalone(store: Store): Promise<Fixture> {
  const tasks = new Tasks(store);
  const worked = new WorkedTools(tasks);
  const tools = workedFixtureTools(worked);
  await worked.resume();
  return { tools, source: new StandaloneTasks(tasks) };
}
