import { type Check, fail, ok, warn } from './check.ts';

const MIB = 1024 * 1024;

/** With less a flow with large outputs and logs may fill the disk. */
const SOME_BYTES = 1024 * MIB;

/** With less the database soon cannot grow. */
const FEW_BYTES = 50 * MIB;

/** Whether there is room for flows, outputs and logs. */
export function diskCheck(freeBytes: number): Check {
  const found = `${shownBytes(freeBytes)} free`;
  const advice = 'free some space; logs of old flows are in logs/ of the data directory';
  if (freeBytes < FEW_BYTES) return fail('disk', found, advice);
  if (freeBytes < SOME_BYTES) return warn('disk', found, advice);
  return ok('disk', found);
}

function shownBytes(bytes: number): string {
  const mebibytes = Math.floor(bytes / MIB);
  return mebibytes < 1024 ? `${mebibytes} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`;
}
