import { expect } from 'vitest';
import { newTask } from '../../builders/new-task.ts';
import { failed, retried, succeeded } from '../../builders/settlements.ts';
import { expectedFate, fateTable } from '../fate-table.ts';
import type { StoreCase } from '../store-case.ts';
import type { TestRunner } from '../test-runner.ts';
import type { Workbench } from '../workbench.ts';

/** What becomes of a task once its dependencies have ended: every rule, every mix of endings. */
export const fateCases: readonly StoreCase[] = [
  {
    id: 'fates.one-tick',
    title: 'every rule meets every mix of three endings when all end in one tick',
    run: (at) => playTable(at, (roots) => [roots]),
  },
  {
    id: 'fates.one-by-one',
    title: 'every rule meets every mix of three endings when they end one after another',
    run: (at) => playTable(at, (roots) => roots.map((root) => [root])),
  },
  {
    id: 'fates.backwards',
    title: 'every rule meets every mix of three endings when they end in the reverse order',
    run: (at) => playTable(at, (roots) => roots.map((root) => [root]).reverse()),
  },
  {
    id: 'fates.allow-failure',
    title: 'a failure that is allowed counts as success, and does not fail the flow',
    async run(at) {
      const flowId = await at.submit([
        newTask('lint', { allowFailure: true }),
        newTask('publish', { dependsOn: ['lint'] }),
        newTask('alarm', { dependsOn: ['lint'], triggerRule: 'any_failed' }),
      ]);
      const runner = await at.runner();
      await runner.settle(failed(await runner.claimTask('lint')));
      expect(await at.states(flowId)).toEqual({
        lint: 'failed',
        publish: 'ready',
        alarm: 'skipped',
      });
      await runner.succeed([await runner.claimTask('publish')]);
      expect(await at.flow(flowId)).toMatchObject({ state: 'succeeded', fatalCount: 0 });
    },
  },
  {
    id: 'fates.allow-failure-is-its-own',
    title: 'allowFailure forgives a task its own failure, not one that it was skipped for',
    async run(at) {
      const flowId = await at.submit([
        newTask('build'),
        newTask('test', { dependsOn: ['build'], allowFailure: true }),
        newTask('ship', { dependsOn: ['test'] }),
      ]);
      const runner = await at.runner();
      await runner.settle(failed(await runner.claimTask('build')));
      expect(await at.states(flowId)).toEqual({
        build: 'failed',
        test: 'skipped',
        ship: 'skipped',
      });
      expect((await at.task(flowId, 'ship')).cause).toBe('upstream_failed');
    },
  },
  {
    id: 'fates.retry-decides-nothing',
    title: 'a failure that is tried again decides no fate',
    async run(at) {
      const flowId = await at.submit([
        newTask('a'),
        newTask('next', { dependsOn: ['a'] }),
        newTask('alarm', { dependsOn: ['a'], triggerRule: 'any_failed' }),
      ]);
      const runner = await at.runner();
      await runner.settle(retried(await runner.claimTask('a'), at.now + 1));
      expect(await at.states(flowId)).toEqual({ a: 'delayed', next: 'blocked', alarm: 'blocked' });
      expect((await at.flow(flowId)).fatalCount).toBe(0);
    },
  },
];

type Roots = ReturnType<typeof fateTable>['roots'];

/** Plays the whole table as one flow; after every batch all that is decided must be as the rule says. */
async function playTable(
  at: Workbench,
  batches: (roots: Roots) => readonly Roots[],
): Promise<void> {
  const table = fateTable();
  const flowId = await at.submit(table.tasks);
  const runner = await at.runner();
  const held = await runner.hold();
  const ended = new Set<string>();
  for (const batch of batches(table.roots)) {
    await settleRoots(runner, held, batch);
    for (const root of batch) ended.add(root.id);
    const tasks = new Map((await at.tasks(flowId)).map((task) => [task.id, task]));
    for (const child of table.children) {
      const decided = child.mix.every(({ root }) => ended.has(root));
      const expected = decided ? expectedFate(child) : { state: 'blocked', cause: null };
      const { state, cause } = tasks.get(child.id) ?? {};
      expect({ state, cause }, child.id).toEqual(expected);
    }
  }
}

async function settleRoots(
  runner: TestRunner,
  held: Awaited<ReturnType<TestRunner['hold']>>,
  roots: Roots,
): Promise<void> {
  await runner.settle(
    ...roots.map(({ id, fails }) => (fails ? failed(held(id)) : succeeded(held(id)))),
  );
}
