import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Connection, connect } from './support/connect.ts';
import { processesWith } from './support/processes.ts';
import { seededRandom } from './support/seeded-random.ts';
import { TaskedProcess } from './support/tasked-process.ts';
import { tempDir } from './support/temp-dir.ts';
import { until } from './support/until.ts';

const SEED = 20_260_101;
const KILLS = 20;
const LAYERS = 5;
const WIDTH = 40;

/**
 * What tasks leave behind: a file each, to which every attempt appends when it begins and when it ends. No
 * task knows of the others' files, and nothing but the tasks writes to them.
 */
class Traces {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory);
  }

  /** `firstSecs` is how long the first attempt takes, `secs` any further one. */
  command(firstSecs: number, secs: number): string {
    const line = (word: string) =>
      `echo "$TASKED_TASK_ID $TASKED_ATTEMPT_NUMBER ${word}" >> '${this.#directory}/'"$TASKED_TASK_ID"`;
    const wait = `[ "$TASKED_ATTEMPT_NUMBER" = 1 ] && sleep ${firstSecs} || sleep ${secs}`;
    return `${line('begins')}; ${wait}; ${line('ends')}`;
  }

  of(taskId: string): readonly { readonly attempt: number; readonly word: string }[] {
    const file = join(this.#directory, taskId);
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    return lines.map((line) => {
      const [id, attempt, word = ''] = line.split(' ');
      if (id !== taskId) throw new Error(`a line of ${id} is among those of ${taskId}`);
      return { attempt: Number(attempt), word };
    });
  }
}

it('loses nothing and repeats nothing that was done, killed at twenty moments', async () => {
  const random = seededRandom(SEED);
  const dir = tempDir();
  const dataDir = join(dir, 'data');
  const traces = new Traces(join(dir, 'traces'));

  /** Flows whose ids a client was told, and the traces of tasks that it was told have succeeded. */
  const acknowledged: string[] = [];
  const done = new Map<string, string>();
  const trace = (taskId: string) => JSON.stringify(traces.of(taskId));
  const noteDone = async (tasked: Connection, flowId: string) => {
    for (const [taskId, state] of await tasked.states(flowId)) {
      if (state === 'succeeded' && !done.has(taskId)) done.set(taskId, trace(taskId));
    }
  };

  const first = await connect(['--data-dir', dataDir]);
  const flowId = await first.submit(layeredFlow(random, traces));
  acknowledged.push(flowId);
  await first.kill();
  let killedAtWork = 1;
  for (let kill = 1; kill < KILLS; kill++) {
    if (kill % 4 === 0) {
      // Nobody talks to this one: it may die while it opens the store, takes over, or works.
      const silent = new TaskedProcess(['--data-dir', dataDir]);
      await sleep(random() * 900);
      silent.child.kill('SIGKILL');
      await silent.exit();
      continue;
    }
    const tasked = await connect(['--data-dir', dataDir]);
    // The engine opens once the handshake is over.
    await sleep(100 + random() * 300);
    acknowledged.push(await tasked.submit({ tasks: [{ id: 'more', executor: 'noop' }] }));
    // On a slow machine the kills come later, so that there is something done that could be lost.
    await until(async () => {
      await noteDone(tasked, flowId);
      return done.size > kill + 1;
    });
    const { state } = await tasked.call('tasked_flow_status', { flow_id: flowId });
    if (state === 'running') killedAtWork += 1;
    // This one may or may not be stored; only if its id arrives is it promised.
    const promised = tasked.submit({ tasks: [{ id: 'last', executor: 'noop' }] });
    promised.then((id) => acknowledged.push(id)).catch(() => {});
    await sleep(random() * 30);
    await tasked.kill();
  }

  const last = await connect(['--data-dir', dataDir]);
  for (const id of acknowledged) {
    expect(await last.ended(id)).toMatchObject({ state: 'succeeded', tasks_failed: 0 });
  }
  expect(killedAtWork).toBeGreaterThan(8);
  expect(done.size).toBeGreaterThan(20);
  for (const [taskId, before] of done) expect([taskId, trace(taskId)]).toEqual([taskId, before]);
  const states = await last.states(flowId);
  expect(states.size).toBe(LAYERS * WIDTH);
  for (const taskId of states.keys()) expectOrderly(traces.of(taskId));
  await until(() => processesWith(flowId).length === 0);
}, 120_000);

/**
 * Layers of shell tasks; each task depends on some of the layer before. One in ten is slow at first: left
 * behind by a killed server it would still be there when the next one runs it again.
 */
function layeredFlow(random: () => number, traces: Traces): object {
  const name = (layer: number, place: number) => `layer${layer}-${place}`;
  const tasks = Array.from({ length: LAYERS }, (_, layer) =>
    Array.from({ length: WIDTH }, (_, place) => ({
      id: name(layer, place),
      executor: 'shell',
      config: { command: commandOf(traces, random) },
      depends_on:
        layer === 0
          ? []
          : [name(layer - 1, place), name(layer - 1, Math.floor((place * random()) / 2))].filter(
              (id, index, all) => all.indexOf(id) === index,
            ),
      retries: 100,
      backoff_secs: 0,
    })),
  );
  return { queue: 'crash', queue_config: { concurrency: 10 }, tasks: tasks.flat() };
}

function commandOf(traces: Traces, random: () => number): string {
  const secs = 0.03 + Math.round(random() * 150) / 1_000;
  return traces.command(random() < 0.1 ? 2 : secs, secs);
}

/** No attempt ran beside or after a later one, none ran twice, and the last one came to its end. */
function expectOrderly(lines: ReturnType<Traces['of']>): void {
  const steps = lines.map(({ attempt, word }) => attempt * 2 + (word === 'ends' ? 1 : 0));
  expect(steps).toEqual([...new Set(steps)].toSorted((a, b) => a - b));
  expect(lines.at(-1)?.word).toBe('ends');
}
