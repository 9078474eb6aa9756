import assert from 'node:assert/strict';
import {
  answeredInputs,
  isTaskedError,
  isTerminal,
  isValidTransition,
  type TaskStore,
  Tasks,
  type TaskTransition,
} from '@tasked/core';
import { type Performed, perform } from './perform.ts';
import { KEYS, type Operation } from './task-command.ts';

interface Raced {
  readonly operation: Operation;
  readonly performed: Performed;
}

/** What a loser of a race is told. */
const FAIR = new Set(['illegal_transition', 'invalid_input', 'not_found']);

/**
 * Does operations on one task at the same moment, by a service on each store, and checks what no order of them could
 * have brought about: two ends, a change that is lost, an input that is answered twice, an illegal transition.
 */
export async function raceTasks(
  stores: readonly TaskStore[],
  operations: readonly { readonly do: Operation; readonly keys: readonly string[] }[],
): Promise<void> {
  const services = stores.map((store) => new Tasks(store));
  const [first] = services;
  if (first === undefined) throw new Error('there is no store');
  const heard: TaskTransition[] = [];
  for (const service of services) service.onTransition((transition) => heard.push(transition));
  const { owner, id } = await first.create('racers', { method: 'tools/call' });
  await first.requireInput(owner, id, Object.fromEntries(KEYS.map((key) => [key, { ask: key }])));
  const raced = await Promise.all(
    operations
      .filter((one) => one.do !== 'delete')
      .map(async (one, index): Promise<Raced | null> => {
        const service = services[index % services.length] as Tasks;
        const performed = await perform(service, { owner, id }, one).catch(expectFair);
        return performed && { operation: one.do, performed };
      }),
  );
  const done = raced.filter((one) => one !== null);
  const final = await first.get(owner, id);
  for (const service of services) assert.deepEqual(await service.get(owner, id), final);

  const ends = done.flatMap(({ operation, performed }) =>
    isEnd(operation) && performed ? [performed.task] : [],
  );
  assert.ok(ends.length <= 1, 'it ended twice');
  if (isTerminal(final.status)) assert.deepEqual(ends, [final]);
  else assert.deepEqual(ends, []);

  const accepted = done.flatMap(({ performed }) =>
    performed && 'accepted' in performed ? performed.accepted : [],
  );
  assert.deepEqual([...accepted].sort(), Object.keys(answeredInputs(final)).sort());

  const changes = done.filter(({ operation, performed }) => changesTask(operation, performed));
  assert.equal(final.version, 2 + changes.length, 'a change was lost, or made twice');

  const inOrder = heard.toSorted((a, b) => a.task.version - b.task.version);
  let status: string = 'working';
  for (const { from, task } of inOrder) {
    assert.equal(from, status, 'a transition was not told of');
    assert.ok(isValidTransition(from, task.status));
    status = task.status;
  }
  assert.equal(status, final.status);
}

function expectFair(error: unknown): null {
  if (isTaskedError(error) && FAIR.has(error.code)) return null;
  throw error;
}

function isEnd(operation: Operation): boolean {
  return operation === 'cancel' || operation === 'complete' || operation === 'fail';
}

function changesTask(operation: Operation, performed: Performed): boolean {
  if (operation === 'get') return false;
  return performed !== null && 'accepted' in performed ? performed.accepted.length > 0 : true;
}
