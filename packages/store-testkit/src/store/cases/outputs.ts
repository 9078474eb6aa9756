import { type FlowTaskRef, type JsonValue, randomIds } from '@tasked/core';
import { expect } from 'vitest';
import { newTask, newTasks } from '../../builders/new-task.ts';
import { failed, succeeded } from '../../builders/settlements.ts';
import type { StoreCase } from '../store-case.ts';
import type { Workbench } from '../workbench.ts';

/** Stored outputs, whole and in part. */
export const outputCases: readonly StoreCase[] = [
  {
    id: 'outputs.order',
    title: 'outputs come in the order of the references, each as often as it is named',
    async run(at) {
      const refs = await outputs(at, ['zero', 'one', 'two']);
      const asked = [2, 0, 1, 0].map((place) => refs[place] as FlowTaskRef);
      expect(await at.store.readOutputs(asked, 1_000)).toEqual(
        ['two', 'zero', 'one', 'zero'].map((value) => ({ kind: 'output', value })),
      );
      expect(await at.store.readOutputs([], 1_000)).toEqual([]);
    },
  },
  {
    id: 'outputs.none',
    title: 'a task that has not succeeded or failed, or does not exist, has no output',
    async run(at) {
      const flowId = await at.submit([
        newTask('fails'),
        newTask('runs'),
        newTask('skipped', { dependsOn: ['fails'] }),
        newTask('blocked', { dependsOn: ['runs'] }),
      ]);
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(failed(held('fails'), 'partial'));
      const ref = (taskId: string) => ({ flowId, taskId });
      const refs = ['runs', 'skipped', 'blocked', 'nobody', 'fails'].map(ref);
      const none = { kind: 'none' };
      expect(await at.store.readOutputs(refs, 1_000)).toEqual([
        none,
        none,
        none,
        none,
        { kind: 'output', value: 'partial' },
      ]);
      expect(await at.store.previewOutputs(refs, 100)).toEqual([
        null,
        null,
        null,
        null,
        { text: '"partial"', bytes: 9 },
      ]);
      await at.store.cancelFlow({ flowId, owner: '', now: at.now });
      expect(await at.store.readOutputs([ref('runs')], 1_000)).toEqual([none]);
    },
  },
  {
    id: 'outputs.null',
    title: 'null is an output like any other',
    async run(at) {
      const flowId = await at.submit(newTasks('t', 2));
      const runner = await at.runner();
      const held = await runner.hold();
      await runner.settle(succeeded(held('t0'), null), failed(held('t1'), null));
      const refs = ['t0', 't1'].map((taskId) => ({ flowId, taskId }));
      expect(await at.store.readOutputs(refs, 100)).toEqual([
        { kind: 'output', value: null },
        { kind: 'output', value: null },
      ]);
      expect(await at.store.previewOutputs(refs, 100)).toEqual([
        { text: 'null', bytes: 4 },
        { text: 'null', bytes: 4 },
      ]);
    },
  },
  {
    id: 'outputs.too-large',
    title:
      'the output that takes the sum over the limit is too large, and so is every one after it',
    async run(at) {
      // As JSON text: 5, 9, 4 and 3 bytes.
      const refs = await outputs(at, ['abc', [1, 2, 3, 4], 'zz', 'z']);
      const kinds = async (maxBytes: number) =>
        (await at.store.readOutputs(refs, maxBytes)).map(({ kind }) => kind);
      const [fits, not] = ['output', 'too_large'];
      expect(await kinds(21)).toEqual([fits, fits, fits, fits]);
      expect(await kinds(20)).toEqual([fits, fits, fits, not]);
      expect(await kinds(18)).toEqual([fits, fits, fits, not]);
      expect(await kinds(14)).toEqual([fits, fits, not, not]);
      expect(await kinds(13)).toEqual([fits, not, not, not]);
      expect(await kinds(5)).toEqual([fits, not, not, not]);
      expect(await kinds(4)).toEqual([not, not, not, not]);
      expect(await at.store.readOutputs(refs, 0)).toEqual(
        [5, 9, 4, 3].map((bytes) => ({ kind: 'too_large', bytes })),
      );
    },
  },
  {
    id: 'outputs.bytes',
    title: 'sizes are bytes of UTF-8, not characters',
    async run(at) {
      // Quotes, and one, two, three and four bytes.
      const refs = await outputs(at, ['a', 'ä', '世', '😀']);
      const sizes = [3, 4, 5, 6];
      expect(await at.store.readOutputs(refs, 1)).toEqual(
        sizes.map((bytes) => ({ kind: 'too_large', bytes })),
      );
      const previews = await at.store.previewOutputs(refs, 100);
      expect(previews.map((preview) => preview?.bytes)).toEqual(sizes);
      const kinds = (await at.store.readOutputs(refs, 12)).map(({ kind }) => kind);
      expect(kinds).toEqual(['output', 'output', 'output', 'too_large']);
    },
  },
  {
    id: 'outputs.preview',
    title: 'a preview is the beginning of the compact JSON text, with the size of the whole',
    async run(at) {
      const refs = await outputs(at, [{ list: [1, 2, { deep: 'x' }] }, 'short']);
      const whole = '{"list":[1,2,{"deep":"x"}]}';
      const preview = (maxChars: number) => at.store.previewOutputs(refs, maxChars);
      const short = { text: '"short"', bytes: 7 };
      expect(await preview(1_000)).toEqual([{ text: whole, bytes: 27 }, short]);
      expect(await preview(27)).toEqual([{ text: whole, bytes: 27 }, short]);
      expect(await preview(26)).toEqual([{ text: whole.slice(0, 26), bytes: 27 }, short]);
      expect(await preview(7)).toEqual([{ text: '{"list"', bytes: 27 }, short]);
      expect(await preview(1)).toEqual([
        { text: '{', bytes: 27 },
        { text: '"', bytes: 7 },
      ]);
    },
  },
  {
    id: 'outputs.preview-code-points',
    title: 'a preview counts code points and never cuts one in two',
    async run(at) {
      const refs = await outputs(at, ['😀😀😀', 'añb世c']);
      const texts = async (maxChars: number) =>
        (await at.store.previewOutputs(refs, maxChars)).map((preview) => preview?.text);
      expect(await texts(2)).toEqual(['"😀', '"a']);
      expect(await texts(3)).toEqual(['"😀😀', '"añ']);
      expect(await texts(5)).toEqual(['"😀😀😀"', '"añb世']);
    },
  },
  {
    id: 'outputs.preview-order',
    title: 'previews come in the order of the references',
    async run(at) {
      const refs = await outputs(at, [0, 1, 2]);
      const asked = [
        refs[1] as FlowTaskRef,
        { flowId: randomIds.flowId(), taskId: 'a' },
        refs[2] as FlowTaskRef,
        refs[0] as FlowTaskRef,
      ];
      const previews = await at.store.previewOutputs(asked, 10);
      expect(previews.map((preview) => preview?.text ?? null)).toEqual(['1', null, '2', '0']);
      expect(await at.store.previewOutputs([], 10)).toEqual([]);
    },
  },
  {
    id: 'outputs.lengths',
    title: 'outputs of any length come back whole, whatever a store does with long ones',
    async run(at) {
      const lengths = [0, 1, 100, 2_000, 100_000];
      for (let length = 192; length <= 260; length++) lengths.push(length);
      const values = lengths.map((length, index) => (index % 2 ? 'ä' : 'x').repeat(length));
      const refs = await outputs(at, values);
      expect(await at.store.readOutputs(refs, 1_000_000)).toEqual(
        values.map((value) => ({ kind: 'output', value })),
      );
      const previews = await at.store.previewOutputs(refs, 1_000_000);
      expect(previews.map((preview) => preview?.text)).toEqual(
        values.map((value) => JSON.stringify(value)),
      );
    },
  },
  {
    id: 'outputs.many',
    title: 'the outputs of 1,000 tasks are read in one call',
    async run(at) {
      const values = Array.from({ length: 1_000 }, (_, index) => ({ index }));
      const refs = await outputs(at, values);
      const read = await at.store.readOutputs([...refs].reverse(), 1_000_000);
      expect(read).toEqual(values.reverse().map((value) => ({ kind: 'output', value })));
      expect(await at.store.previewOutputs(refs, 100)).toHaveLength(1_000);
    },
  },
];

/** Runs a flow of one task for each value, with it as its output. */
async function outputs(
  at: Workbench,
  values: readonly JsonValue[],
): Promise<readonly FlowTaskRef[]> {
  const flowId = await at.submit(newTasks('t', values.length));
  const runner = await at.runner();
  const held = await runner.hold();
  await runner.settle(...values.map((value, index) => succeeded(held(`t${index}`), value)));
  return values.map((_, index) => ({ flowId, taskId: `t${index}` }));
}
