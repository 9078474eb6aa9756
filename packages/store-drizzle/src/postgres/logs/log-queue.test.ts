import { describe, expect, it } from 'vitest';
import { LogQueue } from './log-queue.ts';

const MIB = 1024 * 1024;

const attempt = (taskId: string) => ({ flowId: 'f', taskId, fence: 1 });

/** What a batch holds of each task, as text. */
function textsOf(batch: ReturnType<LogQueue['take']>): Readonly<Record<string, string>> {
  const parts = batch?.parts ?? [];
  return Object.fromEntries(
    parts.map(({ t, start, length }) => [t, String(batch?.bytes.subarray(start, start + length))]),
  );
}

describe('the queue of logs', () => {
  it('joins what belongs to one log, in the order it came', () => {
    const queue = new LogQueue();
    queue.add(attempt('a'), 'stdout', Buffer.from('one '));
    queue.add(attempt('b'), 'stdout', Buffer.from('other'));
    queue.add(attempt('a'), 'stdout', Buffer.from('two'));
    expect(textsOf(queue.take())).toEqual({ a: 'one two', b: 'other' });
    expect(queue.take()).toBeNull();
    expect(queue.bytes).toBe(0);
  });

  it('keeps its own copy', () => {
    const queue = new LogQueue();
    const chunk = Buffer.from('before');
    queue.add(attempt('a'), 'stdout', chunk);
    chunk.fill('x');
    expect(textsOf(queue.take())).toEqual({ a: 'before' });
  });

  it('hands out no more than a mebibyte at once, and loses nothing by it', () => {
    const queue = new LogQueue();
    const bytes = Buffer.from(Array.from({ length: 2.5 * MIB }, (_, index) => index % 251));
    queue.add(attempt('a'), 'stdout', bytes);
    queue.add(attempt('a'), 'stdout', Buffer.from('end'));
    const batches = [queue.take(), queue.take(), queue.take()].map((batch) => batch?.bytes);
    expect(batches.map((batch) => batch?.length)).toEqual([MIB, MIB, 0.5 * MIB + 3]);
    const all = Buffer.concat(batches.map((batch) => batch ?? Buffer.alloc(0)));
    expect(all.equals(Buffer.concat([bytes, Buffer.from('end')]))).toBe(true);
  });

  it('refuses what does not fit, with one remark in each log that lacks something', () => {
    const queue = new LogQueue();
    const chunk = Buffer.alloc(MIB);
    for (let count = 0; count < 32; count++) {
      expect(queue.add(attempt('a'), 'stdout', chunk)).toBe(true);
    }
    for (let count = 0; count < 3; count++) {
      expect(queue.add(attempt('b'), 'stdout', chunk)).toBe(false);
    }
    for (let count = 0; count < 32; count++) queue.take();
    expect(textsOf(queue.take())).toEqual({
      b: expect.stringMatching(/^\n\[tasked: .*missing.*\n$/),
    });
    expect(queue.add(attempt('b'), 'stdout', chunk)).toBe(true);
  });

  it('forgets everything when it is told to', () => {
    const queue = new LogQueue();
    queue.add(attempt('a'), 'stdout', Buffer.from('12345'));
    expect(queue.drop()).toBe(5);
    expect(queue.take()).toBeNull();
  });
});
