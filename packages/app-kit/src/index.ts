export {
  collectVariableName,
  directoryArgument,
  oneLine,
  wholeNumber,
} from './arguments.ts';
export {
  DATABASE_URL_VARIABLE,
  databaseUrlFault,
  hidePasswords,
  SESSION_URL_VARIABLE,
  sessionUrlFault,
  withoutPassword,
} from './database-url.ts';
export { hasOtherRunner } from './other-runner.ts';
export { retainHours, retentionMs } from './retention.ts';
export { runToExit } from './run-to-exit.ts';
export { settleDownLater } from './settle-down.ts';
export { LOG_LEVELS, type LogLevel, stderrLogger } from './stderr-logger.ts';
export { stopSignal } from './stop-signal.ts';
