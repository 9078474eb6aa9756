import { appendFileSync } from 'node:fs';
import type { AttemptContext, Executor, JsonObject, Outcome } from '@tasked/core';

/** What a task of the tests does. */
interface TraceConfig extends JsonObject {
  /** How long it takes. */
  readonly ms: number;
  /** So many of its attempts fail. */
  readonly failures: number;
  /** Its output is their sum, and one more. */
  readonly parts: readonly number[];
}

/**
 * Runs tasks whose only side effect is a line in a journal when they begin, when they end and when they are told to
 * stop; a line is appended whole or not at all. Given no journal it runs nothing.
 */
export function traceExecutor(type: string, journal?: string): Executor {
  return {
    type,
    check: () => [],
    async run(attempt: AttemptContext): Promise<Outcome> {
      if (journal === undefined) throw new Error('this process runs nothing');
      const { ref, config, signal } = attempt;
      const { ms = 0, failures = 0, parts = [] } = config as Partial<TraceConfig>;
      const note = (word: string) =>
        appendFileSync(journal, `${ref.flowId} ${ref.taskId} ${ref.fence} ${word}\n`);
      note('begin');
      const stopped = await passed(ms, signal);
      if (stopped) {
        note(String(signal.reason));
        return failed('stopped');
      }
      if (attempt.attempt <= failures) {
        note('fail');
        return failed('meant to');
      }
      note('end');
      return { kind: 'succeeded', output: { n: parts.reduce((sum, part) => sum + part, 1) } };
    },
  };
}

function failed(message: string): Outcome {
  return { kind: 'failed', failure: { code: 'trace', message, retryable: true } };
}

/** True when the signal came before the time was over. */
function passed(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
