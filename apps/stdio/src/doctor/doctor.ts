import type { DoctorSettings } from '../settings.ts';
import { examine } from './examine.ts';
import { showChecks } from './show-checks.ts';

/** Prints how everything stands that Tasked needs; false when something does not work. */
export async function doctor({ place, json }: DoctorSettings): Promise<boolean> {
  const checks = await examine(place);
  const ok = checks.every(({ status }) => status !== 'fail');
  const { stdout } = process;
  stdout.write(json ? `${JSON.stringify({ ok, checks }, null, 2)}\n` : showChecks(checks, stdout));
  return ok;
}
