import { describe, expect, it } from 'vitest';
import { stderrLogger } from './stderr-logger.ts';

describe('stderrLogger', () => {
  function linesAt(level: 'debug' | 'warn'): readonly string[] {
    const lines: string[] = [];
    const logger = stderrLogger(level, (line) => void lines.push(line));
    logger.debug('one');
    logger.info('two');
    logger.warn('three');
    logger.error('four', { error: new Error('first\nsecond', { cause: 'below' }), n: 1 });
    return lines;
  }

  it('writes one line an event, and leaves out what is below its level', () => {
    expect(linesAt('debug')).toHaveLength(4);
    const lines = linesAt('warn');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z warn three\n$/);
  });

  it('tells an error with its cause and its stack, in the same line', () => {
    const [, line = ''] = linesAt('warn');
    expect(line.match(/\n/g)).toHaveLength(1);
    const fields = JSON.parse(line.slice(line.indexOf('{'))) as { error: object };
    expect(fields).toMatchObject({ error: { message: 'first\nsecond', cause: 'below' }, n: 1 });
    expect(fields.error).toHaveProperty('stack', expect.stringContaining('stderr-logger.test'));
  });

  it('never throws: what is no JSON is told as it can be', () => {
    const lines: string[] = [];
    const logger = stderrLogger('warn', (line) => void lines.push(line));
    const error = Object.assign(new Error('no\nluck'), { self: {} as unknown });
    error.self = error;
    logger.error('it broke', { error, id: 'f_1' });
    logger.error('too large', { bytes: 5n });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/ error it broke .*no luck.*f_1.*\n$/);
    expect(lines[1]).toMatch(/ error too large .*5n.*\n$/);
    for (const line of lines) expect(line.match(/\n/g)).toHaveLength(1);
  });
});
