import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgresStore } from '@tasked/store-drizzle/postgres';
import { FileLogStore, openSqliteStore } from '@tasked/store-drizzle/sqlite';
import { MemoryLogStore, MemoryStore } from '@tasked/store-memory';
import { PostgresServer } from '../comparison/postgres-server.ts';
import { percentile } from '../statistics.ts';
import { type Call, plainCall, taskCall } from './calls.ts';
import { connected } from './connected.ts';
import { AT_ONCE, DurableServer } from './durable-server.ts';
import { inMemoryTasks } from './in-memory-tasks.ts';
import type { LaneFigures, LaneName, ToolsRound } from './lanes.ts';
import { plainTool } from './plain-tool.ts';

/** Calls of each tool in a round, one after the other; the tools take turns every so many. */
const CALLS = 500;
const TURN = 50;

const WARM_UP = 100;

type Lanes = Readonly<Record<LaneName, Call>>;

/** All tools in one process, each with clients of its own; it lives as long as one run. */
export class ToolsRig {
  readonly server: PostgresServer;
  readonly #durable: readonly DurableServer[];
  readonly #lanes: Lanes;
  readonly #directory: string;

  private constructor(parts: {
    readonly server: PostgresServer;
    readonly durable: readonly DurableServer[];
    readonly lanes: Lanes;
    readonly directory: string;
  }) {
    this.server = parts.server;
    this.#durable = parts.durable;
    this.#lanes = parts.lanes;
    this.#directory = parts.directory;
  }

  /** Opens everything, and calls each tool until its code is compiled. */
  static async open(): Promise<ToolsRig> {
    const directory = await mkdtemp(join(tmpdir(), 'tasked-bench-'));
    const server = await PostgresServer.start();
    const logs = new FileLogStore({ dataDir: directory });
    const memory = await DurableServer.open(new MemoryStore(), new MemoryLogStore());
    const sqlite = await DurableServer.open(await openSqliteStore({ dataDir: directory }), logs);
    const url = await server.create('tools');
    const postgres = await DurableServer.open(await openPostgresStore({ url }), logs);
    const durable = [memory, sqlite, postgres];
    const rig = new ToolsRig({
      server,
      durable,
      lanes: await lanesOf({ memory, sqlite, postgres }),
      directory,
    });
    for (const call of Object.values(rig.#lanes)) await time(call, WARM_UP, []);
    return rig;
  }

  /** One round: latencies first, in turns, then throughput. */
  async round(): Promise<ToolsRound> {
    const names = Object.keys(this.#lanes) as LaneName[];
    const latencies = new Map(names.map((name) => [name, [] as number[]]));
    for (let done = 0; done < CALLS; done += TURN) {
      for (const [name, figures] of latencies) await time(this.#lanes[name], TURN, figures);
    }
    const round: [LaneName, LaneFigures][] = [];
    for (const [name, figures] of latencies) {
      const [p50, p99] = [percentile(figures, 0.5), percentile(figures, 0.99)];
      round.push([name, { p50, p99, rate: await rateOf(this.#lanes[name]) }]);
    }
    return Object.fromEntries(round) as ToolsRound;
  }

  async close(): Promise<void> {
    for (const server of this.#durable) await server.close();
    await this.server.stop();
    await rm(this.#directory, { recursive: true });
  }
}

async function lanesOf(
  durable: Readonly<Record<'memory' | 'sqlite' | 'postgres', DurableServer>>,
): Promise<Lanes> {
  const { memory, sqlite, postgres } = durable;
  return {
    plain: plainCall(await connected(plainTool())),
    memoryTasks: taskCall(await connected(inMemoryTasks())),
    memory: plainCall(await connected(memory.mounted())),
    memoryTask: taskCall(await connected(memory.mounted())),
    sqlite: plainCall(await connected(sqlite.mounted())),
    sqliteTask: taskCall(await connected(sqlite.mounted())),
    postgres: plainCall(await connected(postgres.mounted())),
    postgresTask: taskCall(await connected(postgres.mounted())),
  };
}

/** Adds the milliseconds of so many calls, one after the other. */
async function time(call: Call, times: number, figures: number[]): Promise<void> {
  for (let done = 0; done < times; done++) {
    const start = performance.now();
    await call();
    figures.push(performance.now() - start);
  }
}

/** Calls per second while {@link AT_ONCE} are always open. */
async function rateOf(call: Call): Promise<number> {
  const start = performance.now();
  const callers = Array.from({ length: AT_ONCE }, () => time(call, CALLS / AT_ONCE, []));
  await Promise.all(callers);
  return CALLS / ((performance.now() - start) / 1_000);
}
