import { describe, expect, it } from 'vitest';
import { FakeClock } from './fake-clock.ts';

describe('FakeClock', () => {
  it('stands still until it is advanced', async () => {
    const clock = new FakeClock(1_000);
    expect(clock.now()).toBe(1_000);
    await clock.advance(250);
    expect(clock.now()).toBe(1_250);
  });

  it('fires no timer before it is due', async () => {
    const clock = new FakeClock(0);
    const fired: number[] = [];
    clock.schedule(100, () => fired.push(clock.now()));
    await clock.advance(99);
    expect(fired).toEqual([]);
    await clock.advance(1);
    expect(fired).toEqual([100]);
    await clock.advance(1_000);
    expect(fired).toEqual([100]);
  });

  it('fires timers by time, and those of one time as they were scheduled', async () => {
    const clock = new FakeClock(0);
    const fired: string[] = [];
    for (const [name, delay] of [
      ['late', 30],
      ['first', 10],
      ['second', 10],
      ['middle', 20],
    ] as const) {
      clock.schedule(delay, () => fired.push(`${name}@${clock.now()}`));
    }
    await clock.advance(50);
    expect(fired).toEqual(['first@10', 'second@10', 'middle@20', 'late@30']);
  });

  it('does not fire a timer that was called off', async () => {
    const clock = new FakeClock(0);
    const fired: string[] = [];
    const callOff = clock.schedule(10, () => fired.push('off'));
    clock.schedule(10, () => fired.push('on'));
    callOff();
    callOff();
    await clock.advance(10);
    expect(fired).toEqual(['on']);
  });

  it('lets one timer call off another that is due at the same time', async () => {
    const clock = new FakeClock(0);
    const fired: string[] = [];
    clock.schedule(10, () => {
      fired.push('first');
      callOff();
    });
    const callOff = clock.schedule(10, () => fired.push('second'));
    await clock.advance(10);
    expect(fired).toEqual(['first']);
  });

  it('lets promises settle between timers', async () => {
    const clock = new FakeClock(0);
    const seen: string[] = [];
    clock.schedule(10, () => {
      seen.push('timer 10');
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => seen.push('promise 10'));
    });
    clock.schedule(20, () => seen.push('timer 20'));
    await clock.advance(20);
    expect(seen).toEqual(['timer 10', 'promise 10', 'timer 20']);
  });

  it('fires what was scheduled on the way, if it is due', async () => {
    const clock = new FakeClock(0);
    const ticks: number[] = [];
    const tick = () => {
      ticks.push(clock.now());
      clock.schedule(10, tick);
    };
    clock.schedule(10, tick);
    await clock.advance(35);
    expect(ticks).toEqual([10, 20, 30]);
  });

  it('fires what pending promises schedule before the time moves', async () => {
    const clock = new FakeClock(0);
    const fired: number[] = [];
    void Promise.resolve().then(() => clock.schedule(5, () => fired.push(clock.now())));
    await clock.advance(5);
    expect(fired).toEqual([5]);
  });

  it('takes a delay below zero as none', async () => {
    const clock = new FakeClock(7);
    const fired: number[] = [];
    clock.schedule(-5, () => fired.push(clock.now()));
    await clock.advance(0);
    expect(fired).toEqual([7]);
  });

  it('never goes back, also when two callers advance it at once', async () => {
    const clock = new FakeClock(0);
    await Promise.all([clock.advance(100), clock.advance(10)]);
    expect(clock.now()).toBe(100);
  });

  it('rejects with what a timer throws', async () => {
    const clock = new FakeClock(0);
    clock.schedule(1, () => {
      throw new Error('planted');
    });
    await expect(clock.advance(1)).rejects.toThrow('planted');
  });
});
