import fc from 'fast-check';
import { it } from 'vitest';
import { Player } from './player.ts';
import { anyStep } from './steps.ts';

it('whatever clients of both generations ask in whatever order, tasks are what the model says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 40 }), async (steps) => {
      const player = new Player();
      for (const step of steps) await player.play(step);
    }),
    { numRuns: 100 },
  );
});
