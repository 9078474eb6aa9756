import type { Candidate } from './contender.ts';

/** Something that all who are compared do. */
export interface Work {
  readonly title: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  /** How many times as good we want to be; null: no matter. */
  target(peer: Candidate): number | null;
}

function throughputTarget(peer: Candidate): number | null {
  if (!onPostgres(peer) || anotherWay(peer)) return null;
  return peer.packageName === 'graphile-worker' ? 0.9 : 2;
}

/** Shown for comparison, without a target. */
const anotherWay = ({ scope }: Candidate) => scope === 'throughput' || scope === 'fan';

const onPostgres = ({ keepsIn }: Candidate) => keepsIn === 'PostgreSQL';

/** All of it. */
export const WORKS = {
  throughput: {
    title:
      '(a) Jobs that do nothing, 500 in flight, from the start of the first to the commit of the last',
    unit: '/s',
    better: 'more',
    target: throughputTarget,
  },
  latency50: {
    title: '(b) From before the submit to the start, idle runner, p50',
    unit: 'ms',
    better: 'less',
    target: (peer) => (onPostgres(peer) ? 1 : null),
  },
  latency99: {
    title: '(b) From before the submit to the start, idle runner, p99',
    unit: 'ms',
    better: 'less',
    target: (peer) => (onPostgres(peer) ? 1 : null),
  },
  chain: {
    title: '(c) A chain of 100: one hop, submit included',
    unit: 'ms',
    better: 'less',
    target: (peer) => (onPostgres(peer) ? 1 : null),
  },
  fan: {
    title: '(d) 1 → 1,000 → 1, 500 in flight, submit included',
    unit: 'ms',
    better: 'less',
    target: (peer) => (anotherWay(peer) ? null : 3),
  },
  two: {
    title: '(e) As (a), two runners in processes of their own, 500 in flight each',
    unit: '/s',
    better: 'more',
    target: () => null,
  },
  three: {
    title: '(e) As (a), three runners',
    unit: '/s',
    better: 'more',
    target: () => null,
  },
} as const satisfies Record<string, Work>;

/** Key of one of {@link WORKS}. */
export type WorkName = keyof typeof WORKS;
