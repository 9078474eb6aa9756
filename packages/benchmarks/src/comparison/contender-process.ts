import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../statistics.ts';
import { CANDIDATES, type CandidateName } from './candidates.ts';
import type { Candidate, Contender, Place } from './contender.ts';
import { JobCount } from './job-count.ts';
import { JobLog } from './job-log.ts';
import { monotonicMs } from './monotonic-ms.ts';
import type { Reply, Request, Requests, Span } from './requests.ts';

/*
 * The process of one contender, for the whole run, so that each has its own event loop and its own warm code. What it
 * opens for a measurement it closes after it: nobody's polling costs another time.
 */

const [name = '', place = ''] = process.argv.slice(2);
const candidate: Candidate = CANDIDATES[name as CandidateName];
const at: Place = JSON.parse(place);

/** The slots of runners that are measured idle, or with little to do. */
const FEW_SLOTS = 50;

/** What is short is repeated within one measurement, for this long, at least once and at most so often. */
const REPEAT_MS = 1_000;
const REPEAT_MOST = 7;

async function answer(request: Request): Promise<unknown> {
  switch (request.kind) {
    case 'warmUp':
      return warmUp();
    case 'throughput':
      return throughput(request.ask);
    case 'slice':
      return slice(request.ask);
    case 'latency':
      return latency(request.ask);
    case 'chain':
      return chain(request.ask);
    case 'fan':
      return fan(request.ask);
    case 'enqueue':
      return enqueue(request.ask);
    case 'run':
      return run(request.ask);
    case 'settled':
      return settled();
    case 'halt':
      return halt();
  }
}

async function warmUp(): Promise<null> {
  if (candidate.scope !== 'fan') {
    await throughput({ jobs: Math.ceil(candidate.jobs / 10), slots: 500 });
  }
  if (candidate.scope === 'throughput') return null;
  return withRunner(FEW_SLOTS, async (contender) => {
    if (candidate.scope !== 'fan') await contender.chain(20);
    await contender.fan(100);
    return null;
  });
}

async function throughput({ jobs, slots }: Requests['throughput']['ask']): Promise<number> {
  const contender = await candidate.open(at);
  await contender.enqueue(jobs, 'wide');
  const count = new JobCount(jobs);
  await contender.start({ slots, work: count.work });
  await count.reached;
  await contender.settled();
  const seconds = (monotonicMs() - count.firstAt) / 1_000;
  await contender.stop();
  return jobs / seconds;
}

async function slice({ jobs, slots }: Requests['slice']['ask']): Promise<number> {
  const contender = await candidate.open(at);
  const count = new JobCount(jobs);
  await contender.start({ slots, work: count.work });
  await count.reached;
  const seconds = (monotonicMs() - count.firstAt) / 1_000;
  await contender.stop();
  return jobs / seconds;
}

async function latency({ samples }: Requests['latency']['ask']): Promise<number[]> {
  const contender = await candidate.open(at);
  let started: (at: number) => void = () => {};
  const work = () => started(monotonicMs()) as undefined;
  await contender.start({ slots: FEW_SLOTS, work });
  const latencies: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    await sleep(10 + Math.random() * 10);
    const start = new Promise<number>((resolve) => {
      started = resolve;
    });
    const submit = monotonicMs();
    await contender.enqueue(1, 'wide');
    latencies.push((await start) - submit);
  }
  await contender.settled();
  await contender.stop();
  return latencies;
}

function chain({ length }: Requests['chain']['ask']): Promise<number> {
  return withRunner(FEW_SLOTS, async (contender) => {
    return (await repeated(() => contender.chain(length))) / length;
  });
}

function fan({ width, copies, slots }: Requests['fan']['ask']): Promise<number> {
  return withRunner(slots, (contender) =>
    repeated(async () => {
      await Promise.all(Array.from({ length: copies }, () => contender.fan(width)));
    }),
  );
}

async function withRunner<T>(
  slots: number,
  measure: (contender: Contender) => Promise<T>,
): Promise<T> {
  const contender = await candidate.open(at);
  await contender.start({ slots, work: () => undefined });
  const measured = await measure(contender);
  await contender.stop();
  return measured;
}

/** The median of what it takes, in milliseconds. */
async function repeated(run: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  const begin = monotonicMs();
  do {
    const start = monotonicMs();
    await run();
    times.push(monotonicMs() - start);
  } while (times.length < REPEAT_MOST && monotonicMs() - begin < REPEAT_MS);
  return median(times);
}

/** What `enqueue` and `run` opened. */
let contender: Contender | null = null;
let log: JobLog | null = null;

async function enqueue({ jobs, lane }: Requests['enqueue']['ask']): Promise<null> {
  contender ??= await candidate.open(at);
  await contender.enqueue(jobs, lane);
  return null;
}

async function run({ slots, workMs }: Requests['run']['ask']): Promise<null> {
  contender ??= await candidate.open(at);
  log = new JobLog(workMs, (jobs) => reply({ kind: 'started', jobs }));
  await contender.start({ slots, work: log.work });
  return null;
}

async function settled(): Promise<number> {
  await contender?.settled();
  return monotonicMs();
}

async function halt(): Promise<readonly Span[]> {
  await contender?.stop();
  const spans = log?.stop() ?? [];
  contender = null;
  log = null;
  return spans;
}

process.on('disconnect', () => process.exit());

process.on('message', (request: Request) => {
  answer(request).then(
    (value) => reply({ kind: 'answer', answer: value }),
    (error: unknown) =>
      reply({
        kind: 'error',
        message: error instanceof Error ? String(error.stack) : String(error),
      }),
  );
});

function reply(message: Reply): void {
  process.send?.(message);
}
