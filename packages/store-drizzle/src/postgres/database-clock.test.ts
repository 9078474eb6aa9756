import { describe, expect, it } from 'vitest';
import { DatabaseClock } from './database-clock.ts';

const NOON = Date.UTC(2026, 0, 1, 12);

/** A clock of a process that has been up for a while, and a database whose answers take their time. */
function processUpFor(upMs: number) {
  let monotonic = upMs;
  const clock = new DatabaseClock(() => monotonic);
  return {
    clock,
    pass(ms: number) {
      monotonic += ms;
    },
    /** The database says `said` when half of the time has passed; if it is asked again it answers at once. */
    async measure(said: number, { takingMs }: { readonly takingMs: number }) {
      let answers = 0;
      await clock.measure(async () => {
        answers += 1;
        if (answers > 1) return said + takingMs / 2;
        monotonic += takingMs;
        return said;
      });
    },
  };
}

describe('the database clock', () => {
  it('tells the time of the database, whatever this machine thinks', async () => {
    const at = processUpFor(77_777);
    await at.measure(NOON, { takingMs: 4 });
    expect(at.clock.now()).toBe(NOON + 2);
    at.pass(10_000);
    expect(at.clock.now()).toBe(NOON + 10_002);
  });

  it('asks a few times when it is new, and once from then on', async () => {
    const clock = new DatabaseClock(() => 0);
    let asked = 0;
    const read = async () => {
      asked += 1;
      return NOON;
    };
    await clock.measure(read);
    expect(asked).toBe(3);
    await clock.measure(read);
    expect(asked).toBe(4);
  });

  it('takes no notice of slow answers that do not contradict it', async () => {
    const at = processUpFor(0);
    await at.measure(NOON, { takingMs: 2 });
    await at.measure(NOON + 1_000, { takingMs: 2_000 });
    expect(at.clock.now()).toBe(NOON + 2_001);
  });

  it('makes good for a slow first answer by a quick one', async () => {
    const at = processUpFor(0);
    await at.measure(NOON, { takingMs: 1_000 });
    expect(at.clock.now()).toBe(NOON + 500);
    await at.measure(NOON + 950, { takingMs: 2 });
    expect(at.clock.now()).toBe(NOON + 951);
  });

  it('stands still when it was a little fast, and never goes back', async () => {
    const at = processUpFor(0);
    await at.measure(NOON, { takingMs: 0 });
    at.pass(1_000);
    expect(at.clock.now()).toBe(NOON + 1_000);
    await at.measure(NOON + 400, { takingMs: 0 });
    expect(at.clock.now()).toBe(NOON + 1_000);
    at.pass(599);
    expect(at.clock.now()).toBe(NOON + 1_000);
    at.pass(2);
    expect(at.clock.now()).toBe(NOON + 1_001);
  });

  it('follows a database whose clock was set by hours', async () => {
    const at = processUpFor(0);
    await at.measure(NOON, { takingMs: 0 });
    expect(at.clock.now()).toBe(NOON);
    await at.measure(NOON - 3_600_000, { takingMs: 0 });
    expect(at.clock.now()).toBe(NOON - 3_600_000);
    await at.measure(NOON, { takingMs: 0 });
    expect(at.clock.now()).toBe(NOON);
  });

  it('calls back once, unless it is called off', async () => {
    const { clock } = processUpFor(0);
    const called: string[] = [];
    const callOff = clock.schedule(0, () => called.push('called off'));
    callOff();
    await new Promise<void>((resolve) => clock.schedule(-5, resolve));
    expect(called).toEqual([]);
  });
});
