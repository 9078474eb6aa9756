import type { Outcome, StopReason } from '@tasked/core';
import { type CommandOutput, outputValue } from './exit-outcome.ts';

/** The outcome of a command that was told to stop, with what it had printed. */
export function stopOutcome(reason: StopReason, output: CommandOutput): Outcome {
  const failure = { code: reason, message: MESSAGES[reason], retryable: true };
  return { kind: 'failed', failure, output: outputValue(null, output) };
}

const MESSAGES: Readonly<Record<StopReason, string>> = {
  timeout: 'the command ran longer than its timeout and was stopped',
  cancelled: 'the command was stopped because its flow was cancelled',
  shutdown: 'the command was stopped because the process that ran it was shut down',
  runner_lost: 'the command was stopped because another runner has taken it over',
};
