const HOUR_MS = 3_600_000;

/** A week. */
const DEFAULT_HOURS = 168;

/** How long flows are kept once they have ended, in milliseconds: what `--retain-hours` says, or a week. */
export function retentionMs(retainHours: number = DEFAULT_HOURS): number {
  return retainHours * HOUR_MS;
}
