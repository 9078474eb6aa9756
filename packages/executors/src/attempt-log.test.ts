import type { LogStream } from '@tasked/core';
import { describe, expect, it } from 'vitest';
import { AttemptLog } from './attempt-log.ts';

function logWith(limitBytes: number) {
  const logged: Record<LogStream, string> = { stdout: '', stderr: '', log: '' };
  const write = (stream: LogStream, chunk: string | Uint8Array) => {
    logged[stream] += Buffer.from(chunk).toString();
  };
  return { logged, log: new AttemptLog(write, limitBytes) };
}

describe('AttemptLog', () => {
  it('keeps each stream, and all in the order it came', () => {
    const { logged, log } = logWith(100);
    log.output('stdout', Buffer.from('1'));
    log.output('stderr', Buffer.from('2'));
    log.output('stdout', Buffer.from('3'));
    expect(logged).toEqual({ stdout: '13', stderr: '2', log: '123' });
  });

  it('begins a remark on a line of its own', () => {
    const { logged, log } = logWith(100);
    log.remark('first');
    log.output('stdout', Buffer.from('no end of line'));
    log.remark('second');
    log.output('stdout', Buffer.from('with one\n'));
    log.remark('third');
    expect(logged.log).toBe(
      '[tasked] first\nno end of line\n[tasked] second\nwith one\n[tasked] third\n',
    );
  });

  it('ends a stream at the limit and says so once', () => {
    const { logged, log } = logWith(4);
    for (const text of ['ab', 'cdef', 'gh']) log.output('stdout', Buffer.from(text));
    expect(logged.stdout).toBe('abcd');
    expect(logged.log).toBe(
      'abcd\n[tasked] log is full: its first 4 bytes are kept, the rest is not logged\n' +
        '[tasked] stdout is full: its first 4 bytes are kept, the rest is not logged\n',
    );
  });

  it('goes on with the other stream', () => {
    const { logged, log } = logWith(4);
    log.output('stdout', Buffer.from('abcdef'));
    log.output('stderr', Buffer.from('123'));
    expect(logged.stderr).toBe('123');
  });

  it('says nothing when the limit is just reached', () => {
    const { logged, log } = logWith(4);
    log.output('stdout', Buffer.from('abcd'));
    log.output('stdout', Buffer.from(''));
    expect(logged.log).toBe('abcd');
  });
});
