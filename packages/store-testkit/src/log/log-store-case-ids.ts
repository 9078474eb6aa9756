/**
 * Every case of the log contract, by concern. Ids are stable: they are what an author and the tests of
 * this kit refer to. The suite fails when it does not consist of exactly these.
 */
export const LOG_STORE_CASE_IDS = [
  'windows.append',
  'windows.offset',
  'windows.tail',
  'windows.tail-limit',
  'windows.tail-without-newlines',
  'windows.bytes',
  'windows.split-characters',
  'windows.large',
  'log-attempts.nothing-logged',
  'log-attempts.streams',
  'log-attempts.latest',
  'log-attempts.quiet-stream',
  'log-attempts.apart',
  'log-attempts.many',
  'log-deletion.flows',
  'log-deletion.anew',
  'log-deletion.racers',
  'log-delivery.flush',
  'log-delivery.without-flush',
  'log-delivery.while-it-grows',
  'log-delivery.other-process',
] as const;

/** One of {@link LOG_STORE_CASE_IDS}. */
export type LogStoreCaseId = (typeof LOG_STORE_CASE_IDS)[number];
