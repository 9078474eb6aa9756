import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Workbench } from '../workbench.ts';
import { anyJson, mutatedJson } from './mutated-json.ts';
import { HANDSHAKE, LEAK, type Reply, request, Wire } from './wire.ts';

const task = (id: string, more: object = {}) => ({ id, executor: 'script', ...more });

/** Calls that are accepted, to be spoilt. `FLOW` stands for a flow that exists. */
const VALID: Readonly<Record<string, readonly object[]>> = {
  tasked_submit_flow: [
    { tasks: [task('a', { input: { n: [1, null] }, timeout_secs: 5, retries: 2 })] },
    {
      queue: 'q',
      queue_config: { concurrency: 3 },
      tasks: [
        task('a'),
        task('b', { depends_on: ['a'], config: { text: 'x ${tasks.a.output.n[0]}' } }),
        task('c', { depends_on: ['a', 'b'], trigger_rule: 'all_done', allow_failure: true }),
      ],
      fail_fast: true,
      idempotency_key: 'once',
    },
    { tasks: [task('a')], validate_only: true },
  ],
  tasked_flow_status: [
    { flow_id: 'FLOW', wait_secs: 0 },
    { flow_id: 'FLOW', cursor: 'WzFd' },
  ],
  tasked_task_output: [
    { flow_id: 'FLOW', task_id: 'a', stream: 'log', tail: 5 },
    { flow_id: 'FLOW', task_id: 'a', offset: 0, limit: 100 },
  ],
  tasked_list_flows: [{ queue: 'q', state: 'running', limit: 5, cursor: 'WzFd' }],
  tasked_cancel_flow: [{ flow_id: 'FLOW' }],
};

const anyCall = fc.oneof(
  ...Object.entries(VALID).flatMap(([name, calls]) => [
    ...calls.map((args) => fc.tuple(fc.constant(name), mutatedJson(args))),
    fc.tuple(fc.constant(name), anyJson),
  ]),
);

function errorOf({ result, error }: Reply): string | undefined {
  if (error !== undefined) return String(error.code);
  const answer = JSON.parse(result?.content?.[0].text ?? '') as {
    readonly error: { code: string };
  };
  return result?.isError === true ? answer.error.code : undefined;
}

const EXPECTED = new Set<string | undefined>([
  ...[undefined, 'invalid_input', 'not_found', 'already_exists', 'limit_exceeded', 'unsupported'],
  '-32602',
]);

/** Every flow has all of its tasks, and counts them as they are. */
async function expectWhole({ flows }: Workbench): Promise<number> {
  const all = await flows.list({ owner: '', limit: 100_000 });
  for (const { id, taskCount, counts } of all) {
    const tasks = await flows.listTasks({ flowId: id, limit: 100_000 }, '');
    expect(tasks).toHaveLength(taskCount);
    for (const [state, count] of Object.entries(counts)) {
      expect(tasks.filter((each) => each.state === state)).toHaveLength(count);
    }
  }
  return all.length;
}

it('whatever a tool is called with, it answers, tells nothing of the inside and leaves no half a flow', async () => {
  const wire = new Wire();
  const flow = await wire.bench.run([task('a')]);
  wire.input.write(`${HANDSHAKE.join('\n')}\n`);
  await wire.answered('hello');
  await fc.assert(
    fc.asyncProperty(fc.array(anyCall, { minLength: 1, maxLength: 10 }), async (calls) => {
      wire.received = '';
      const ids = calls.map(([name, args]) => {
        const id = wire.newId();
        const text = request(id, 'tools/call', { name, arguments: args } as object);
        wire.input.write(`${text.replaceAll('FLOW', flow)}\n`);
        return id;
      });
      for (const id of ids) expect(EXPECTED).toContain(errorOf(await wire.answered(id)));
      expect(wire.replies()).toHaveLength(ids.length);
      expect(wire.received).not.toMatch(LEAK);
      expect(wire.errors).toEqual([]);
    }),
    { numRuns: 400 },
  );
  expect(await expectWhole(wire.bench)).toBeGreaterThan(10);
});
