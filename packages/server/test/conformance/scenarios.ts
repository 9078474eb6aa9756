/** The scenarios of the official suite about tasks. Another, `tasks-status-notifications`, checks nothing yet. */
export const TASK_SCENARIOS = [
  'tasks-lifecycle',
  'tasks-capability-negotiation',
  'tasks-wire-fields',
  'tasks-request-state-removal',
  'tasks-mrtr-input',
  'tasks-request-headers',
  'tasks-dispatch-and-envelope',
  'tasks-required-task-error',
  'tasks-mrtr-composition',
] as const;

/** Those that any server over HTTP has to pass; how its tasks are kept makes no difference. */
export const SERVER_SCENARIOS = [
  'tools-list',
  'http-header-validation',
  'dns-rebinding-protection',
  'server-sse-multiple-streams',
] as const;
