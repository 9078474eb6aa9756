import { setImmediate as turn } from 'node:timers/promises';
import { FakeClock } from '@tasked/store-testkit';
import { expect, test, vi } from 'vitest';
import { TimeLimits } from './time-limits.ts';

test('a limit is over when its time has come, counted from its beginning', async () => {
  const clock = new FakeClock();
  const onOver = vi.fn();
  new TimeLimits(clock).begin(100, onOver);
  await clock.advance(99);
  expect(onOver).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(onOver).toHaveBeenCalledOnce();
});

test('what has ended is not watched any more, whether it took a turn or not', async () => {
  const clock = new FakeClock();
  const limits = new TimeLimits(clock);
  const [schedule, onOver] = [vi.spyOn(clock, 'schedule'), vi.fn()];
  limits.begin(100, onOver)();
  await turn();
  expect(schedule).not.toHaveBeenCalled();
  const end = limits.begin(100, onOver);
  await turn();
  expect(schedule).toHaveBeenCalledOnce();
  end();
  await clock.advance(100);
  expect(onOver).not.toHaveBeenCalled();
});
