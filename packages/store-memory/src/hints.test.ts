import { expect, it } from 'vitest';
import { Hints } from './hints.ts';

const hint = { by: null, flows: [] };

it('calls listeners soon, never inside the call that publishes', async () => {
  const hints = new Hints();
  const heard: unknown[] = [];
  hints.subscribe((told) => heard.push(told));
  hints.publish(hint);
  expect(heard).toEqual([]);
  await Promise.resolve();
  expect(heard).toEqual([hint]);
});

it('does not call a listener that has unsubscribed in between', async () => {
  const hints = new Hints();
  const heard: unknown[] = [];
  const unsubscribe = hints.subscribe((told) => heard.push(told));
  hints.publish(hint);
  unsubscribe();
  await Promise.resolve();
  expect(heard).toEqual([]);
});

it('calls one function as often as it subscribed, and unsubscribes each alone', async () => {
  const hints = new Hints();
  let calls = 0;
  const listener = () => {
    calls += 1;
  };
  const unsubscribe = hints.subscribe(listener);
  hints.subscribe(listener);
  hints.publish(hint);
  await Promise.resolve();
  expect(calls).toBe(2);
  unsubscribe();
  hints.publish(hint);
  await Promise.resolve();
  expect(calls).toBe(3);
});
