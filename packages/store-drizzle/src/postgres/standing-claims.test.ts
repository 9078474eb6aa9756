import type { Claim, ClaimedAttempt } from '@tasked/core';
import { describe, expect, it } from 'vitest';
import { type Offer, StandingClaims } from './standing-claims.ts';

const CLAIM: Claim = { limit: 3, executors: ['noop'], standing: true };

describe('StandingClaims', () => {
  it('offers what the last tick left, and keeps it until it is answered', () => {
    const claims = standing(3);
    expect(claims.offer(4)).toBeNull();
    const offer = claims.offer(2);
    expect(offer).toMatchObject({ runnerId: 'r', tasks: 2 });
    expect(claims.offer(2)).toBeNull();
    claims.answer(offer as Offer, []);
    expect(claims.offer(3)).not.toBeNull();
  });

  it('offers nothing while a tick is under way, nor after one that failed or does not stand', () => {
    const claims = standing(3);
    claims.open('r', CLAIM);
    expect(claims.offer(1)).toBeNull();
    claims.failed('r');
    expect(claims.offer(1)).toBeNull();
    const { claim } = claims.open('r', CLAIM);
    claims.close('r', { ...claim, standing: false }, null);
    expect(claims.offer(1)).toBeNull();
  });

  it('brings what was given, and takes it off what the tick may claim', () => {
    const claims = standing(3);
    claims.answer(claims.offer(1) as Offer, [attempt('a')]);
    claims.offer(1);
    expect(claims.open('r', CLAIM)).toMatchObject({
      given: [attempt('a')],
      claim: { limit: 1 },
      lookAgainAt: 7,
    });
    expect(claims.open('r', CLAIM)).toMatchObject({ given: [], claim: { limit: 2 } });
  });

  it('brings what was put back once more', () => {
    const claims = standing(3);
    claims.answer(claims.offer(1) as Offer, [attempt('a')]);
    const { given } = claims.open('r', CLAIM);
    claims.failed('r');
    claims.putBack('r', given);
    expect(claims.open('r', CLAIM).given).toEqual([attempt('a')]);
  });

  it('lets a tick that claims nothing have what was given, unless another one fetches it', () => {
    const claims = standing(3);
    claims.answer(claims.offer(1) as Offer, [attempt('a')]);
    expect(claims.withdraw('r')).toEqual([attempt('a')]);
    expect(claims.offer(1)).toBeNull();

    const busy = standing(3);
    const offer = busy.offer(1) as Offer;
    busy.open('r', CLAIM);
    busy.answer(offer, [attempt('b')]);
    expect(busy.withdraw('r')).toEqual([]);
    expect(busy.open('r', CLAIM).given).toEqual([attempt('b')]);
  });

  it('waits with the end of a runner for the offers that are open', async () => {
    const claims = standing(3);
    const offer = claims.offer(2) as Offer;
    let left: readonly ClaimedAttempt[] | null = null;
    const end = claims.end('r').then((given) => {
      left = given;
    });
    await Promise.resolve();
    expect(left).toBeNull();
    expect(claims.offer(1)).toBeNull();
    claims.answer(offer, [attempt('a'), attempt('b')]);
    await end;
    expect(left).toEqual([attempt('a'), attempt('b')]);
    expect(await claims.end('r')).toEqual([]);
  });

  it('knows nothing of runners without a standing claim, nor of forgotten ones', () => {
    const claims = new StandingClaims();
    const claim = { limit: 3, executors: ['noop'] };
    expect(claims.open('x', claim)).toEqual({ given: [], claim, lookAgainAt: null });
    claims.close('x', claim, null);
    expect(claims.offer(1)).toBeNull();
    const forgotten = standing(3);
    const offer = forgotten.offer(1) as Offer;
    forgotten.forget('r');
    forgotten.answer(offer, [attempt('a')]);
    expect(forgotten.withdraw('r')).toEqual([]);
  });
});

/** Of the runner `r`, which has ticked once and was told to look again at 7. */
function standing(limit: number): StandingClaims {
  const claims = new StandingClaims();
  claims.open('r', { ...CLAIM, limit });
  claims.close('r', { ...CLAIM, limit }, 7);
  return claims;
}

function attempt(taskId: string): ClaimedAttempt {
  return {
    ref: { flowId: 'f', taskId, fence: 1 },
    attempt: 1,
    owner: '',
    queue: 'default',
    executor: 'noop',
    config: {},
    input: null,
    needs: [],
    retry: { retries: 0, backoffMs: 1, maxBackoffMs: 1 },
    timeoutMs: null,
    resume: null,
  };
}
