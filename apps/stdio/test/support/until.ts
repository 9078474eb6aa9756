import { setTimeout as sleep } from 'node:timers/promises';

/** Looks until `holds`, for what other processes do; fails after `ms`. */
export async function until(holds: () => Promise<boolean> | boolean, ms = 40_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it did not come about within ${ms} ms`);
    await sleep(20);
  }
}
