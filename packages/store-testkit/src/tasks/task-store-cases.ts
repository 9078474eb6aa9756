import { taskCreatingCases } from './cases/creating.ts';
import { taskExpiringCases } from './cases/expiring.ts';
import { taskJsonCases } from './cases/json.ts';
import { taskListingCases } from './cases/listing.ts';
import { taskReadingCases } from './cases/reading.ts';
import { taskSharingCases } from './cases/sharing.ts';
import { taskUpdatingCases } from './cases/updating.ts';
import type { TaskStoreCase } from './task-store-case.ts';

/** The whole contract of task stores, by concern: one entry for every file of `cases/`. */
export const TASK_STORE_CASES: Readonly<Record<string, readonly TaskStoreCase[]>> = {
  creating: taskCreatingCases,
  reading: taskReadingCases,
  updating: taskUpdatingCases,
  listing: taskListingCases,
  json: taskJsonCases,
  expiring: taskExpiringCases,
  sharing: taskSharingCases,
};
