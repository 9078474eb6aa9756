import { describe, expect, it } from 'vitest';
import { whyKeyIsNeeded } from './why-key-is-needed.ts';

const ALONE = { host: '127.0.0.1', allowedHosts: [], allowShell: false };

describe('a server needs a key', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost', 'LOCALHOST'])('not on %s', (host) => {
    expect(whyKeyIsNeeded({ ...ALONE, host })).toBe(null);
  });

  it.each(['0.0.0.0', '::', '192.168.1.2', 'localhost.example', '', '::ffff:192.168.1.2'])(
    'on "%s"',
    (host) => expect(whyKeyIsNeeded({ ...ALONE, host })).toContain('--host'),
  );

  it('for commands, and for names of other machines', () => {
    expect(whyKeyIsNeeded({ ...ALONE, allowShell: true })).toContain('--allow shell');
    expect(whyKeyIsNeeded({ ...ALONE, allowedHosts: ['a.example'] })).toContain('a.example');
  });
});
