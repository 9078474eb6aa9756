import { describe, expect, it } from 'vitest';
import { PRESENCE } from '../encoding/codes.ts';
import {
  ABSENT_MS,
  Deaths,
  type Observer,
  SERVER_START,
  SETTLED_MS,
  type SeenRunner,
} from './deaths.ts';

import { THIS_PROCESS } from './process-identity.ts';

const LEASE_MS = 30_000;
const SERVER = 1_700_000_000;
const UP_SINCE = 50_000;
const SETTLED = UP_SINCE + SETTLED_MS;
const RUNNER: SeenRunner = {
  id: 'r_1',
  presence: PRESENCE.here,
  beat: 1,
  process: '999999999@elsewhere',
  serverStart: SERVER,
  locked: true,
};
const OBSERVER: Observer = { serverStart: SERVER, upSince: UP_SINCE, isSession: true };

describe('a runner is dead', () => {
  it('once its lock has been free for a moment', () => {
    const look = watch({ ...RUNNER, locked: false });
    expect(look(SETTLED)).toBe(false);
    expect(look(SETTLED + ABSENT_MS - 1)).toBe(false);
    expect(look(SETTLED + ABSENT_MS)).toBe(true);
  });

  it('once it was silent for a lease, even with its lock held', () => {
    const look = watch(RUNNER);
    for (let at = 0; at < LEASE_MS; at += 500) expect(look(SETTLED + at)).toBe(false);
    expect(look(SETTLED + LEASE_MS)).toBe(true);
  });

  it('at once when it left, or its store was closed', () => {
    expect(watch({ ...RUNNER, presence: PRESENCE.leaving })(UP_SINCE)).toBe(true);
    expect(watch({ ...RUNNER, serverStart: SERVER_START.closed })(UP_SINCE)).toBe(true);
  });

  it('at once when its lock is free and its machine knows that its process has ended', () => {
    const ended = THIS_PROCESS.replace(/^\d+/, '999999999');
    const look = watch({ ...RUNNER, locked: false, process: ended });
    expect(look(UP_SINCE)).toBe(true);
  });
});

describe('a runner is not dead', () => {
  it('while it may be about to connect again, like its observer', () => {
    const look = watch({ ...RUNNER, locked: false });
    for (let at = UP_SINCE; at < SETTLED; at += 500) expect(look(at)).toBe(false);
  });

  it('when it took its lock again in the meantime', () => {
    const deaths = new Deaths(LEASE_MS);
    const look = (locked: boolean, at: number) =>
      deaths.among([{ ...RUNNER, locked }], OBSERVER, at).length > 0;
    expect(look(false, SETTLED)).toBe(false);
    expect(look(true, SETTLED + 500)).toBe(false);
    expect(look(false, SETTLED + ABSENT_MS)).toBe(false);
    expect(look(false, SETTLED + 2 * ABSENT_MS)).toBe(true);
  });

  it('for a lock that is free on a server that was restarted, or that it never took', () => {
    for (const serverStart of [SERVER - 60, SERVER_START.none]) {
      const look = watch({ ...RUNNER, locked: false, serverStart });
      for (let at = 0; at < LEASE_MS; at += 500) expect(look(SETTLED + at)).toBe(false);
      expect(look(SETTLED + LEASE_MS)).toBe(true);
    }
  });

  it('to an observer behind a pooler before its lease is over, whatever locks say', () => {
    const look = watch({ ...RUNNER, locked: false }, { ...OBSERVER, isSession: false });
    expect(look(SETTLED)).toBe(false);
    expect(look(SETTLED + 2 * ABSENT_MS)).toBe(false);
  });

  it('when its heart beats on', () => {
    const deaths = new Deaths(LEASE_MS);
    for (let beat = 0; beat < 100; beat++) {
      const at = SETTLED + beat * 1_000;
      expect(deaths.among([{ ...RUNNER, beat }], OBSERVER, at)).toEqual([]);
    }
  });
});

function watch(runner: SeenRunner, observer = OBSERVER): (now: number) => boolean {
  const deaths = new Deaths(LEASE_MS);
  return (now) => deaths.among([runner], observer, now).length > 0;
}
