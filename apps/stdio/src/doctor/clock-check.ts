import { type Check, ok, warn } from './check.ts';

/** File systems keep times less exactly than clocks do. */
const TOLERANCE_MS = 2_000;

/** What the clocks say. */
export interface Clocks {
  /** The machine's clock. */
  readonly now: number;
  /** What it would say had it run evenly since this process began, by the monotonic clock. */
  readonly evenNow: number;
  /** When the newest file of the data directory was written; null when there is none. */
  readonly newestFile: number | null;
}

/** Whether the clock goes on evenly: delays, timeouts and schedules go by it. */
export function clockCheck({ now, evenNow, newestFile }: Clocks): Check {
  const ahead = newestFile === null ? 0 : newestFile - now;
  if (ahead > TOLERANCE_MS) {
    return warn(
      'clock',
      `${shownTime(ahead)} behind the newest file of the data directory`,
      'set the clock (NTP): until it has caught up, delayed tasks wait longer than they should',
    );
  }
  const jump = Math.abs(now - evenNow);
  if (jump > TOLERANCE_MS) {
    return warn('clock', `it has just jumped by ${shownTime(jump)}`, 'let NTP keep the clock');
  }
  return ok('clock', new Date(now).toISOString());
}

function shownTime(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;
}
