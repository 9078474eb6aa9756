import { setImmediate as turn } from 'node:timers/promises';
import { FakeClock } from '@tasked/store-testkit';
import { expect, test, vi } from 'vitest';
import { Wakeup } from './wakeup.ts';

/** Tells when a promise has resolved. */
function watch(promise: Promise<void>): { readonly done: boolean } {
  const watched = { done: false };
  void promise.then(() => {
    watched.done = true;
  });
  return watched;
}

test('a sleep ends with a ring, after the current turn', async () => {
  const wakeup = new Wakeup(new FakeClock());
  const sleep = watch(wakeup.sleep(null));
  wakeup.ring();
  await Promise.resolve();
  expect(sleep.done).toBe(false);
  await turn();
  await turn();
  expect(sleep.done).toBe(true);
});

test('a lonely ring wakes at once, but not for ever', async () => {
  const wakeup = new Wakeup(new FakeClock());
  const turned = vi.fn();
  setImmediate(turned);
  for (let hop = 1; hop <= 4; hop++) {
    const sleep = wakeup.sleep(null);
    wakeup.ring(true);
    await sleep;
    expect(turned).not.toHaveBeenCalled();
  }
  wakeup.ring(true);
  await wakeup.sleep(null);
  expect(turned).toHaveBeenCalledOnce();
});

test('a ring while awake is kept for the next sleep, however many there were', async () => {
  const wakeup = new Wakeup(new FakeClock());
  wakeup.ring();
  wakeup.ring();
  await wakeup.sleep(null);
  const second = watch(wakeup.sleep(null));
  await turn();
  await turn();
  expect(second.done).toBe(false);
});

test('a sleep ends when its time has come, and not before', async () => {
  const clock = new FakeClock();
  const sleep = watch(new Wakeup(clock).sleep(clock.now() + 100));
  await clock.advance(99);
  expect(sleep.done).toBe(false);
  await clock.advance(1);
  expect(sleep.done).toBe(true);
});

test('a long sleep is over within a minute, since timers stand still while a laptop is closed', async () => {
  const clock = new FakeClock();
  const sleep = watch(new Wakeup(clock).sleep(clock.now() + 3_600_000));
  await clock.advance(60_000);
  expect(sleep.done).toBe(true);
});

test('a time that has passed ends a sleep at once', async () => {
  const clock = new FakeClock();
  const sleep = watch(new Wakeup(clock).sleep(clock.now() - 5));
  await clock.advance(0);
  expect(sleep.done).toBe(true);
});

test('the timer of a sleep that a ring ended does not end the next one', async () => {
  const clock = new FakeClock();
  const wakeup = new Wakeup(clock);
  const first = wakeup.sleep(clock.now() + 10);
  wakeup.ring();
  await first;
  const second = watch(wakeup.sleep(clock.now() + 1_000));
  await clock.advance(500);
  expect(second.done).toBe(false);
});
