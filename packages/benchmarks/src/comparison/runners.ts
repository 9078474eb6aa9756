import { type HostedContender, startedTogether } from './hosted-contender.ts';
import type { Span } from './requests.ts';

/** Jobs a second of several runners together, from the start of the first to the commit of the last. */
export async function together(
  hosts: readonly [HostedContender, ...HostedContender[]],
  { jobs, slots }: { readonly jobs: number; readonly slots: number },
): Promise<number> {
  const [first] = hosts;
  await first.ask('enqueue', { jobs, lane: 'wide' });
  await Promise.all(hosts.map((host) => host.ask('run', { slots, workMs: 0 })));
  await startedTogether(hosts, jobs);
  const end = await first.ask('settled', {});
  const spans = await Promise.all(hosts.map((host) => host.ask('halt', {})));
  const begin = Math.min(...spans.flat().map(([from]) => from));
  return jobs / ((end - begin) / 1_000);
}

/** What a limited queue let through. */
export interface Narrow {
  /** The most jobs that ran at once. */
  readonly most: number;
  readonly jobsPerSecond: number;
}

/** Works off jobs of the narrow lane on several runners. */
export async function narrow(
  hosts: readonly [HostedContender, ...HostedContender[]],
  { jobs, workMs }: { readonly jobs: number; readonly workMs: number },
): Promise<Narrow> {
  const [first] = hosts;
  await first.ask('enqueue', { jobs, lane: 'narrow' });
  await Promise.all(hosts.map((host) => host.ask('run', { slots: 50, workMs })));
  await startedTogether(hosts, jobs);
  await first.ask('settled', {});
  const spans = (await Promise.all(hosts.map((host) => host.ask('halt', {})))).flat();
  const begin = Math.min(...spans.map(([from]) => from));
  const end = Math.max(...spans.map(([, to]) => to));
  return { most: mostAtOnce(spans), jobsPerSecond: jobs / ((end - begin) / 1_000) };
}

/** The most spans that overlap in one moment; one that ends as another begins does not overlap it. */
export function mostAtOnce(spans: readonly Span[]): number {
  const edges = spans.flatMap(([from, to]) => [
    { at: from, step: 1 },
    { at: to, step: -1 },
  ]);
  edges.sort((a, b) => a.at - b.at || a.step - b.step);
  let running = 0;
  let most = 0;
  for (const { step } of edges) {
    running += step;
    most = Math.max(most, running);
  }
  return most;
}
