import type { Place } from './contender.ts';
import { HostedContender, startedTogether } from './hosted-contender.ts';
import { monotonicMs } from './monotonic-ms.ts';

/** How a runner is lost. */
export type Loss = 'killed' | 'frozen';

/**
 * Milliseconds from the loss of the runner that executes our only task until another has started it again, with all
 * settings at their defaults. A frozen process stands for a lost host: its connections stay open and it says nothing.
 */
export async function restartMs(place: Place, loss: Loss): Promise<number> {
  const victim = new HostedContender('taskedPostgres', place);
  const other = new HostedContender('taskedPostgres', place);
  await victim.ask('run', { slots: 1, workMs: null });
  await other.ask('enqueue', { jobs: 1, lane: 'wide' });
  await startedTogether([victim], 1);
  await other.ask('run', { slots: 1, workMs: null });
  const lostAt = monotonicMs();
  if (loss === 'killed') await victim.kill();
  else victim.freeze();
  await startedTogether([other], 1);
  const ms = monotonicMs() - lostAt;
  if (loss === 'frozen') await victim.kill();
  await other.kill();
  return ms;
}
