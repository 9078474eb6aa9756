import { expect, it } from 'vitest';
import { HeldCalls, heldCallsOn } from './held-calls.ts';

it('holds so many calls of one owner, and no more until one is answered', async () => {
  const held = new HeldCalls(2);
  const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const waiting = answers.map(({ promise }) => held.hold('ann', () => promise));
  let isAsked = false;
  const further = () =>
    held.hold('ann', async () => {
      isAsked = true;
      return 'further';
    });
  await expect(further()).rejects.toMatchObject({
    code: 'limit_exceeded',
    details: { limit: 'maxHeldCalls', max: 2 },
  });
  expect(isAsked).toBe(false);
  expect(await held.hold('bob', async () => 'of bob')).toBe('of bob');
  answers[0]?.resolve('first');
  expect(await waiting[0]).toBe('first');
  expect(await further()).toBe('further');
  answers[1]?.reject(new Error('gone'));
  await expect(waiting[1]).rejects.toThrow('gone');
  expect(await Promise.all([further(), further()])).toEqual(['further', 'further']);
});

it('is the same for every server on one engine', () => {
  const engine = {};
  expect(heldCallsOn(engine, 3)).toBe(heldCallsOn(engine));
  expect(heldCallsOn(engine)).not.toBe(heldCallsOn({}));
});
