import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loose } from '../workloads.ts';
import { Engine } from './engine.ts';
import type { Saturated } from './saturated-process.ts';

const CHILD = fileURLToPath(new URL('./saturated-process.ts', import.meta.url));

/** Work for every process together. */
const FLOWS = 60;
const TASKS = 1_000;

/** What all of them did together. */
export interface Contention {
  readonly tasksPerSecond: number;
  readonly saturated: readonly Saturated[];
}

/** Lets `processes` saturated runners work off one SQLite file. */
export async function contention(processes: number): Promise<Contention> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tasked-contention-'));
  const engine = await Engine.open(0, dataDir);
  await engine.prepare();
  await engine.pause(true);
  const flows: string[] = [];
  for (let flow = 0; flow < FLOWS; flow++) flows.push(await engine.submit(loose(TASKS)));
  const children = Array.from({ length: processes }, () => fork(CHILD, [dataDir]));
  await Promise.all(children.map((child) => once(child, 'message')));
  const start = performance.now();
  await engine.pause(false);
  await engine.allEnded(flows);
  const seconds = (performance.now() - start) / 1_000;
  const saturated = await Promise.all(children.map(dismiss));
  await engine.close();
  await rm(dataDir, { recursive: true });
  return { tasksPerSecond: (FLOWS * TASKS) / seconds, saturated };
}

async function dismiss(child: ChildProcess): Promise<Saturated> {
  const answer = once(child, 'message');
  const exit = once(child, 'exit');
  child.send('stop');
  const [seen] = (await answer) as [Saturated];
  await exit;
  return seen;
}
