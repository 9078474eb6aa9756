import assert from 'node:assert/strict';
import type { Claim } from '@tasked/core';
import { checkClaims } from './check-claims.ts';
import type { TickCommand } from './sequence.ts';
import { settlementOf } from './settlement-of.ts';
import type { Stage } from './stage.ts';

/** One `advance` of a runner that lives, compared with the model in everything it answers. */
export async function playTick(stage: Stage, command: TickCommand): Promise<void> {
  const { model, store, now } = stage;
  const runnerId = stage.runner(command.runner);
  const own = [...stage.held(runnerId)];
  const settle = command.settle.flatMap((choice) => {
    const held = choice.own ? own : model.tasks((task) => task.held !== undefined);
    const [task] = held.splice(choice.attempt % held.length, 1);
    return task === undefined ? [] : [settlementOf(task, choice, now)];
  });
  const claim = claimOf(stage, command);
  const result = await store.advance({ runnerId, now, settle, claim });
  assert.ok(result.runner === 'ok', `runner ${runnerId} is lost`);
  const { claimed, ...rest } = result;
  const rejected = model.settle(runnerId, settle, now).map(({ attempt }) => attempt);
  const handedOut = { runnerId, claim: claim ?? NOTHING, claimed };
  const more = checkClaims(stage, handedOut) && claim !== null;
  const changed = await stage.compare();
  const stop = stage
    .held(runnerId)
    .filter(({ state }) => state === 'cancelled')
    .map(({ flow, spec, attempts }) => ({
      flowId: flow.spec.id,
      taskId: spec.id,
      fence: attempts.length,
    }));
  const delays = model
    .tasks(({ state }) => state === 'delayed' || state === 'waiting')
    .flatMap(({ availableAt }) => availableAt ?? []);
  const lookAgainAt = delays.length === 0 ? null : Math.min(...delays);
  const expected = { runner: 'ok', rejected, stop, changed, more, lookAgainAt } as const;
  assert.deepEqual(inOrder(rest), inOrder(expected), 'the answer to a tick');
}

const NOTHING: Claim = { limit: 0, executors: [] };

function claimOf(stage: Stage, { claim }: TickCommand): Claim | null {
  if (claim === null) return null;
  const { limit, executors, queue } = claim;
  if (queue === null) return { limit, executors };
  return { limit, executors, queues: [stage.queue(queue)] };
}

/** The order of these lists is the store's choice. */
function inOrder<Lists extends Record<'rejected' | 'stop' | 'changed', readonly object[]>>(
  result: Lists,
): Lists {
  const { rejected, stop, changed } = result;
  return { ...result, rejected: sorted(rejected), stop: sorted(stop), changed: sorted(changed) };
}

function sorted(list: readonly object[]): readonly object[] {
  const key = (item: object): string => JSON.stringify(Object.entries(item).sort());
  return list.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
