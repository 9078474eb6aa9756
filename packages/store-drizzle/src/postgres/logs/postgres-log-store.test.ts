import { TaskedError } from '@tasked/core';
import { describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { PostgresLogStore } from './postgres-log-store.ts';

const ATTEMPT = { flowId: 'f', taskId: 'a', fence: 1 };

/** A log store whose database answers each batch as the test says, in turn. */
function opened() {
  const texts: string[] = [];
  const answers: PromiseWithResolvers<void>[] = [];
  const answerTo = (index: number) => (answers[index] ??= Promise.withResolvers<void>());
  const db = {
    query: (_text: string, parameters: readonly unknown[]) => {
      texts.push(String(parameters[2]));
      return answerTo(texts.length - 1).promise;
    },
    close: async () => {},
  } as unknown as Database;
  const logs = new PostgresLogStore({ db, maxBytes: 1_000, logger: undefined });
  return {
    logs,
    /** What was sent, a batch each. */
    texts,
    print: (text: string) => logs.append(ATTEMPT, 'stdout', Buffer.from(text)),
    answer: (index: number) => answerTo(index).resolve(),
    refuse: (index: number, code: 'unavailable' | 'internal') =>
      answerTo(index).reject(new TaskedError(code, 'no')),
  };
}

/** Whether a promise has settled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

describe('a log store on PostgreSQL', () => {
  it('is flushed when the database has answered, and not before', async () => {
    const { logs, print, answer, texts } = opened();
    print('one');
    const flushed = logs.flush();
    expect(texts).toEqual(['one']);
    expect(await isDone(flushed)).toBe(false);
    answer(0);
    expect(await isDone(flushed)).toBe(true);
    expect(await isDone(logs.flush())).toBe(true);
  });

  it('gathers what is printed while a batch is under way', async () => {
    const { logs, print, answer, texts } = opened();
    print('one');
    const first = logs.flush();
    print('two ');
    print('three');
    const second = logs.flush();
    answer(0);
    expect(await isDone(first)).toBe(true);
    expect(await isDone(second)).toBe(false);
    expect(texts).toEqual(['one', 'two three']);
    answer(1);
    expect(await isDone(second)).toBe(true);
  });

  it('sends a batch again that got no answer, and one that was refused not', async () => {
    const { logs, print, answer, refuse, texts } = opened();
    print('one');
    refuse(0, 'unavailable');
    answer(1);
    await logs.flush();
    expect(texts).toEqual(['one', 'one']);
    print('two');
    refuse(2, 'internal');
    await logs.flush();
    print('three');
    answer(3);
    await logs.flush();
    expect(texts).toEqual(['one', 'one', 'two', 'three']);
  });

  it('gives up at its end what a database that is away cannot take', async () => {
    const { logs, print, refuse, texts } = opened();
    print('one');
    const flushed = logs.flush();
    print('two');
    const closed = logs.close();
    refuse(0, 'unavailable');
    await closed;
    expect(await isDone(flushed)).toBe(true);
    expect(texts).toEqual(['one']);
  });
});
