import { logAttemptCases } from './cases/log-attempts.ts';
import { logDeletionCases } from './cases/log-deletion.ts';
import { logDeliveryCases } from './cases/log-delivery.ts';
import { windowCases } from './cases/windows.ts';
import type { LogStoreCase } from './log-store-case.ts';

/** The whole log contract, by concern: one entry for every file of `cases/`. */
export const LOG_STORE_CASES: Readonly<Record<string, readonly LogStoreCase[]>> = {
  windows: windowCases,
  'log-attempts': logAttemptCases,
  'log-deletion': logDeletionCases,
  'log-delivery': logDeliveryCases,
};
