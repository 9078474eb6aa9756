/**
 * Every case of the contract of task stores, by concern. Ids are stable: they are what an author and the tests of
 * this kit refer to. The suite fails when it does not consist of exactly these.
 */
export const TASK_STORE_CASE_IDS = [
  'task-create.whole',
  'task-create.exists',
  'task-create.per-owner',
  'task-create.full',
  'task-create.race',
  'task-read.absent',
  'task-read.owner',
  'task-read.own-copies',
  'task-delete.gone',
  'task-delete.again',
  'task-delete.owner',
  'task-update.replaces',
  'task-update.stale',
  'task-update.absent',
  'task-update.race',
  'task-update.count',
  'task-list.order',
  'task-list.pages',
  'task-list.place',
  'task-list.limit',
  'task-list.status',
  'task-list.owner',
  'task-list.all-owners',
  'task-json.strings',
  'task-json.values',
  'task-json.large',
  'task-json.input-keys',
  'task-expiry.exact',
  'task-expiry.spares',
  'task-expiry.follows',
  'task-expiry.limit',
  'task-expiry.frees',
  'task-reopening.records',
  'task-sharing.reads',
  'task-sharing.create-race',
  'task-sharing.update-race',
  'task-sharing.count',
  'task-sharing.expiry',
] as const;

/** One of {@link TASK_STORE_CASE_IDS}. */
export type TaskStoreCaseId = (typeof TASK_STORE_CASE_IDS)[number];
