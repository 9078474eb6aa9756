import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newDirectory } from '../../../test/data-directories.ts';
import { appendCapped } from './append-capped.ts';

const REMARK = '\n[tasked: this log is full at 10 bytes; what came after was dropped]\n';

describe('appending to a log', () => {
  it('creates what is missing, for this user alone', () => {
    const directory = join(newDirectory(), 'deep', 'down');
    appendCapped(join(directory, '1.log'), Buffer.from('a'), 10);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, '1.log')).mode & 0o777).toBe(0o600);
  });

  it.each([
    [['12345', '67890'], '1234567890'],
    [['12345', '678901'], `1234567890${REMARK}`],
    [['1234567890', 'x'], `1234567890${REMARK}`],
    [['123456789012345', 'more', 'and more'], `1234567890${REMARK}`],
  ])('keeps of %j what fits, and says once that the rest was dropped', (chunks, kept) => {
    const file = join(newDirectory(), '1.stdout');
    for (const chunk of chunks) appendCapped(file, Buffer.from(chunk), 10);
    expect(readFileSync(file, 'utf8')).toBe(kept);
  });
});
