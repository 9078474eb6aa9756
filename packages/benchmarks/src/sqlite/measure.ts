import { chain, fan, loose, type Workload } from '../workloads.ts';
import type { Engine } from './engine.ts';

/** How long a workload took, submit and run apart. */
export interface Took {
  readonly submitMs: number;
  readonly runMs: number;
}

/** Submits `copies` of a workload and waits until all have ended. */
async function run(engine: Engine, workload: Workload, copies = 1): Promise<Took> {
  const ended = engine.ended(copies);
  const start = performance.now();
  for (let copy = 0; copy < copies; copy++) await engine.submit(workload);
  const submitted = performance.now();
  await ended;
  return { submitMs: submitted - start, runMs: performance.now() - submitted };
}

/** Tasks per second of 10,000 tasks fanned out and joined, after their submit. */
export async function fanOutRate(engine: Engine): Promise<number> {
  const { runMs } = await run(engine, fan(9_998));
  return 10_000 / (runMs / 1_000);
}

/** Milliseconds a hop of a chain of 1,000, after its submit. */
export async function hopMs(engine: Engine): Promise<number> {
  const { runMs } = await run(engine, chain(1_000));
  return runMs / 1_000;
}

/** Milliseconds of 1 → 1,000 → 1 from before the submit to its end. */
export async function diamondMs(engine: Engine): Promise<number> {
  const { submitMs, runMs } = await run(engine, fan(1_000));
  return submitMs + runMs;
}

/** Microseconds a task, submit included, of 10,000 tasks in flows of `size`. */
export async function taskMicros(engine: Engine, size: number): Promise<number> {
  const { submitMs, runMs } = await run(engine, fan(size - 2), 10_000 / size);
  return ((submitMs + runMs) * 1_000) / 10_000;
}

/** Milliseconds from a submit until its only task has been committed as ended, on an idle engine. */
export async function submitToEndMs(engine: Engine): Promise<number> {
  const { submitMs, runMs } = await run(engine, loose(1));
  return submitMs + runMs;
}

/** Fills the file with `flows` ended flows of two tasks each. */
export async function fill(engine: Engine, flows: number): Promise<void> {
  for (let done = 0; done < flows; done += 500) await run(engine, chain(2), 500);
}

/** Runs everything once, so that code is compiled and files have grown. */
export async function warmUp(engine: Engine): Promise<void> {
  await engine.prepare();
  await run(engine, fan(2_000));
  await run(engine, chain(200));
}
