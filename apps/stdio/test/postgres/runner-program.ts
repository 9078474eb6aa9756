import { type RunnerId, randomIds } from '@tasked/core';
import { Runner } from '@tasked/dag-engine';
import { openPostgresLogStore, openPostgresStore } from '@tasked/store-drizzle/postgres';
import { traceExecutor } from './trace-executor.ts';

/* The engine as its own process, which runs tasks that leave traces until SIGTERM. */

/** What the process is told, as JSON. */
export interface RunnerArguments {
  readonly url: string;
  /** The id of its first runner. */
  readonly id: RunnerId;
  readonly name: string;
  readonly executors: readonly string[];
  readonly slots: number;
  readonly journal: string;
  readonly leaseMs?: number;
}

const { url, id, journal, leaseMs, ...settings } = JSON.parse(
  process.argv[2] ?? '{}',
) as RunnerArguments;
const store = await openPostgresStore({ url, ...(leaseMs !== undefined && { leaseMs }) });
const logs = await openPostgresLogStore({ url });
const unused = [id];
const runner = new Runner({
  ...settings,
  store,
  logs,
  clock: store.clock,
  executors: settings.executors.map((type) => traceExecutor(type, journal)),
  ids: { ...randomIds, runnerId: () => unused.pop() ?? randomIds.runnerId() },
});
await runner.start();
process.stdout.write(`running ${Date.now()}\n`);
process.on('SIGTERM', () => {
  void runner
    .stop({ graceMs: 5_000 })
    .then(() => logs.close())
    .then(() => store.close());
});
