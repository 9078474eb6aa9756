import { expect, test, vi } from 'vitest';
import { Engine, failing, task, until, untilStopped } from './engine.ts';

test('a flow runs in the order of its edges and ends with its last task', async () => {
  const engine = new Engine();
  const { flow, states } = await engine.runToEnd({
    tasks: [
      task('join', { depends_on: ['left', 'right'] }),
      task('left', { depends_on: ['root'] }),
      task('right', { depends_on: ['root'] }),
      task('root'),
    ],
  });
  expect(flow).toMatchObject({ state: 'succeeded', counts: { succeeded: 4 } });
  expect(Object.values(states)).toEqual(Array(4).fill('succeeded'));
  const order = engine.executor.runs.map((run) => run.ref.taskId);
  expect([order[0], order[3]]).toEqual(['root', 'join']);
});

test('priority 0 runs first', async () => {
  const engine = new Engine({}, { slots: 1 });
  await engine.runToEnd({
    tasks: [
      task('later', { priority: 9 }),
      task('usual', { priority: 5 }),
      task('first', { priority: 0 }),
    ],
  });
  expect(engine.executor.runs.map((run) => run.ref.taskId)).toEqual(['first', 'usual', 'later']);
});

test('a queue never runs more than its concurrency', async () => {
  let now = 0;
  let most = 0;
  const script = async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    return { kind: 'succeeded', output: null } as const;
  };
  const ids = Array.from({ length: 20 }, (_, index) => `t${index}`);
  const engine = new Engine(Object.fromEntries(ids.map((id) => [id, script])));
  await engine.another().start();
  await engine.runToEnd({
    queue: 'narrow',
    queue_config: { concurrency: 3 },
    tasks: ids.map((id) => task(id)),
  });
  expect(most).toBe(3);
});

test('rules decide who runs after a failure', async () => {
  const engine = new Engine({ bad: failing(1, false), tolerated: failing(1, false) });
  const { flow, tasks, states } = await engine.runToEnd({
    tasks: [
      task('bad'),
      task('tolerated', { allow_failure: true }),
      task('needs-bad', { depends_on: ['bad'] }),
      task('below', { depends_on: ['needs-bad'] }),
      task('cleanup', { depends_on: ['below'], trigger_rule: 'all_done' }),
      task('alarm', { depends_on: ['bad'], trigger_rule: 'any_failed' }),
      task('no-alarm', { depends_on: ['tolerated'], trigger_rule: 'any_failed' }),
      task('after-no-alarm', { depends_on: ['no-alarm'], trigger_rule: 'none_failed' }),
      task('after-tolerated', { depends_on: ['tolerated'] }),
    ],
  });
  expect(flow.state).toBe('failed');
  expect(states).toEqual({
    bad: 'failed',
    tolerated: 'failed',
    'needs-bad': 'skipped',
    below: 'skipped',
    cleanup: 'succeeded',
    alarm: 'succeeded',
    'no-alarm': 'skipped',
    'after-no-alarm': 'succeeded',
    'after-tolerated': 'succeeded',
  });
  expect(tasks.find((each) => each.id === 'below')?.cause).toBe('upstream_failed');
});

test('fail_fast ends the flow with the first failure and stops the rest', async () => {
  const engine = new Engine({ slow: untilStopped, bad: failing(1, false) });
  const { flow, states } = await engine.runToEnd({
    fail_fast: true,
    tasks: [task('slow'), task('bad'), task('next', { depends_on: ['slow'] })],
  });
  expect(flow.state).toBe('failed');
  expect(states).toEqual({ slow: 'cancelled', bad: 'failed', next: 'cancelled' });
  await until(() => engine.executor.runs[0]?.signal.reason === 'cancelled');
});

test('references bring the outputs of dependencies, types kept', async () => {
  const engine = new Engine({
    a: () => ({
      kind: 'succeeded',
      output: { n: 42, list: [1, { deep: 'x' }], text: '${tasks.a.output}' },
    }),
  });
  await engine.runToEnd({
    tasks: [
      task('a'),
      task('b', {
        depends_on: ['a'],
        config: { whole: '${tasks.a.output}', number: '${tasks.a.output.n}', shell: '${HOME}' },
        input:
          'n is ${tasks.a.output.n}, deep ${tasks.a.output.list[1].deep}, ${tasks.a.output.text}',
      }),
    ],
  });
  const run = engine.executor.runs[1];
  expect(run?.config).toEqual({
    whole: { n: 42, list: [1, { deep: 'x' }], text: '${tasks.a.output}' },
    number: 42,
    shell: '${HOME}',
  });
  expect(run?.input).toBe('n is 42, deep x, ${tasks.a.output}');
});

test('references are resolved from the store when another process settled the dependency', async () => {
  const engine = new Engine({
    a: () => ({ kind: 'succeeded', output: { big: 'y'.repeat(5_000) } }),
  });
  await engine.runToEnd({
    tasks: [task('a'), task('b', { depends_on: ['a'], input: '${tasks.a.output.big}' })],
  });
  expect(engine.executor.runs[1]?.input).toBe('y'.repeat(5_000));
});

test('a reference that cannot be resolved fails its task without running it', async () => {
  const engine = new Engine({ a: () => ({ kind: 'succeeded', output: { there: 1 } }) });
  const { tasks } = await engine.runToEnd({
    tasks: [
      task('a'),
      task('b', { depends_on: ['a'], input: '${tasks.a.output.missing}', retries: 5 }),
    ],
  });
  expect(tasks[1]).toMatchObject({
    state: 'failed',
    failure: { code: 'unresolved_reference', retryable: false },
  });
  expect(tasks[1]?.failure?.message).toContain('${tasks.a.output.missing}');
  expect(engine.executor.count('b')).toBe(0);
});

test('the same idempotency key gives the same flow, and another flow under it is refused', async () => {
  const engine = new Engine();
  const spec = { idempotency_key: 'k', tasks: [task('a')] };
  const first = await engine.flows.submit(spec, 'ann');
  const again = await engine.flows.submit(structuredClone(spec), 'ann');
  expect(again).toMatchObject({ created: false, flow: { id: first.flow.id } });
  await expect(engine.flows.submit({ ...spec, tasks: [task('b')] }, 'ann')).rejects.toMatchObject({
    code: 'already_exists',
    details: { flow_id: first.flow.id },
  });
  const other = await engine.flows.submit(spec, 'bob');
  expect(other.created).toBe(true);
});

test('of a flow that was read, tasks and outputs are read without asking for it again', async () => {
  const engine = new Engine();
  const { flow } = await engine.flows.submit({ tasks: [task('a'), task('b')] }, 'ann');
  const again = vi.spyOn(engine.store, 'getFlow');
  const [first] = await engine.flows.tasksOf(flow, { limit: 1 });
  expect(first).toMatchObject({ flowId: flow.id, id: 'a', state: 'ready' });
  expect(await engine.flows.tasksOf(flow, { limit: 9, afterIndex: 0 })).toHaveLength(1);
  expect(await engine.flows.outputOf(flow, 'a')).toBeNull();
  expect(again).not.toHaveBeenCalled();
});

test('a foreign flow and an unknown one are told apart by nothing', async () => {
  const engine = new Engine();
  const { flow } = await engine.flows.submit({ tasks: [task('a')] }, 'ann');
  const absent = 'f_aaaaaaaaaaaaaaaaaaaaaa';
  const calls = [
    (id: string) => engine.flows.get(id, 'bob'),
    (id: string) => engine.flows.cancel(id, 'bob'),
    (id: string) => engine.flows.getTask(id, 'a', 'bob'),
    (id: string) => engine.flows.listTasks({ flowId: id, limit: 1 }, 'bob'),
    (id: string) => engine.flows.readOutput(id, 'a', 'bob'),
    (id: string) => engine.flows.previewOutputs({ flowId: id, taskIds: ['a'], owner: 'bob' }, 9),
    (id: string) => engine.flows.wait(id, 'bob', { timeoutMs: 0 }),
  ];
  for (const call of calls) {
    const foreign = await call(flow.id).catch((error: Error) => error);
    const unknown = await call(absent).catch((error: Error) => error);
    expect(foreign).toMatchObject({ code: 'not_found' });
    expect((foreign as Error).message.replace(flow.id, absent)).toBe((unknown as Error).message);
  }
});

test('a faulty flow is refused with every fault and creates nothing', async () => {
  const engine = new Engine();
  const bad = { tasks: [task('a', { dependson: [] }), task('a'), { id: 'c', executor: 'shel' }] };
  const error = await engine.flows.submit(bad, '').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'invalid_input' });
  const { faults } = (error as { details: { faults: readonly { path: string }[] } }).details;
  expect(faults.length).toBeGreaterThanOrEqual(3);
  expect(await engine.flows.list({ owner: '', limit: 10 })).toEqual([]);
  expect(await engine.store.getQueue('default')).toBeNull();
});
