import { type Logger, TaskedError } from '@tasked/core';
import { describe, expect, it } from 'vitest';
import { errorAnswer } from './error-answer.ts';

describe('errorAnswer', () => {
  const logged: object[] = [];
  const log = (_message: string, fields?: object) => void logged.push(fields ?? {});
  const logger: Logger = { debug: log, info: log, warn: log, error: log };

  function errorOf(error: unknown): Record<string, unknown> {
    const answer = errorAnswer(error, 'tasked_x', logger);
    expect(answer.isError).toBe(true);
    expect(answer.structuredContent).toBeUndefined();
    const [content] = answer.content;
    return (JSON.parse(content?.type === 'text' ? content.text : '') as { error: object })
      .error as Record<string, unknown>;
  }

  it('tells what a caller can mend', () => {
    const faults = [{ path: 'a', message: 'is wrong', didYouMean: 'b' }];
    expect(errorOf(new TaskedError('invalid_input', 'no', { details: { faults } }))).toEqual({
      code: 'invalid_input',
      message: 'no',
      faults: [{ path: 'a', message: 'is wrong', did_you_mean: 'b' }],
    });
  });

  it('tells nothing of an unexpected error but an id that the log has too', () => {
    const secret = new Error('ENOENT: /home/someone/tasked-data/x');
    for (const error of [secret, new TaskedError('internal', secret.message), 'text', undefined]) {
      const { code, message, error_id } = errorOf(error);
      expect(code).toBe('internal');
      expect(message).toBe(
        'something went wrong inside Tasked; its log has the cause under error_id',
      );
      expect(logged.at(-1)).toEqual({ tool: 'tasked_x', error_id, error });
    }
  });

  it('tells that the store is away, and not where it is', () => {
    const error = new TaskedError('unavailable', 'cannot open /var/lib/tasked/tasked.db');
    expect(errorOf(error)).toEqual({
      code: 'unavailable',
      message: 'the store does not answer at the moment; try again in a few seconds',
      error_id: expect.any(String),
    });
  });
});
