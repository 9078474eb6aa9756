import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Runner } from '@tasked/dag-engine';
import { noopExecutor } from '@tasked/executors';
import { FileLogStore, openSqliteStore } from '@tasked/store-drizzle/sqlite';

/** What one of several saturated processes saw. */
export interface Saturated {
  readonly tasks: number;
  readonly stallP99Ms: number;
  readonly stallMaxMs: number;
}

// A child of contention.ts: runs tasks of the given data directory until its parent says stop.
const [dataDir = ''] = process.argv.slice(2);
let tasks = 0;
const noop = noopExecutor();
const counting = {
  ...noop,
  run: (context: Parameters<typeof noop.run>[0]) => {
    tasks += 1;
    return noop.run(context);
  },
};
const store = await openSqliteStore({ dataDir });
const logs = new FileLogStore({ dataDir });
const runner = new Runner({ store, logs, executors: [counting], slots: 100 });
await runner.start();
const stalls = monitorEventLoopDelay({ resolution: 1 });
stalls.enable();
process.send?.('ready');

process.once('message', () => {
  stalls.disable();
  const seen: Saturated = {
    tasks,
    stallP99Ms: stalls.percentile(99) / 1e6,
    stallMaxMs: stalls.max / 1e6,
  };
  void leave(seen);
});

async function leave(seen: Saturated): Promise<void> {
  await runner.stop({ graceMs: 0 });
  await store.close();
  process.send?.(seen, () => process.disconnect());
}
