import {
  type ProcessTracking,
  trackByEnvironment,
  trackByRecord,
} from '../src/process-tracking.ts';

/** Both ways to find processes, so that the one of other systems is tested on Linux as well. */
export const TRACKINGS: readonly (readonly [
  name: string,
  create: (stateDir: string) => ProcessTracking,
])[] = [
  ['by environment', () => trackByEnvironment()],
  ['by record', (stateDir) => trackByRecord(stateDir)],
];
