import { TASK_RETENTION_MS } from '@tasked/core';
import { InvalidArgumentError } from 'commander';

const HOUR_MS = 3_600_000;

/** A week. */
const DEFAULT_HOURS = 168;

/** A flow is a task of the protocol too, and whoever started it finds it for as long as any task that has ended. */
const LEAST_HOURS = TASK_RETENTION_MS / HOUR_MS;
const MOST_HOURS = 1_000_000;

/** Reads `--retain-hours`. */
export function retainHours(text: string): number {
  const hours = Number(text);
  if (/^\d+$/.test(text) && hours >= LEAST_HOURS && hours <= MOST_HOURS) return hours;
  throw new InvalidArgumentError(
    `It must be a whole number from ${LEAST_HOURS} to ${MOST_HOURS}: what has ended is promised to be kept for an hour.`,
  );
}

/** How long flows are kept once they have ended, in milliseconds: what `--retain-hours` says, or a week. */
export function retentionMs(hours: number = DEFAULT_HOURS): number {
  return hours * HOUR_MS;
}
