import { beforeEach, describe, expect, it } from 'vitest';
import { fails, gate, type ToolClient, untilStopped, Workbench } from '../../test/workbench.ts';

describe('tasked_flow_status', () => {
  const held = gate();
  let bench: Workbench;
  let client: ToolClient;

  beforeEach(async () => {
    bench = new Workbench({
      bad: fails,
      long: untilStopped,
      held: held.script,
      noisy: () => ({
        kind: 'failed',
        failure: { code: 'exit_code', message: 'x'.repeat(5_000), retryable: false },
      }),
      flaky: () => ({
        kind: 'failed',
        failure: { code: 'boom', message: 'not yet', retryable: true },
      }),
    });
    client = await bench.client();
  });

  const status = (flow_id: string, more: object = {}) =>
    client.call('tasked_flow_status', { flow_id, ...more });

  it('shows counts by state and every task with its output', async () => {
    const flow_id = await bench.run([
      { id: 'a', input: { n: 1 } },
      { id: 'b', depends_on: ['a'] },
    ]);
    expect(await status(flow_id)).toEqual({
      flow_id,
      queue: 'default',
      state: 'succeeded',
      ended_at: '2026-01-01T00:00:00.000Z',
      task_count: 2,
      tasks_succeeded: 2,
      tasks_failed: 0,
      tasks: [
        { id: 'a', state: 'succeeded', executor: 'script', output: { n: 1 } },
        { id: 'b', state: 'succeeded', executor: 'script' },
      ],
      next: 'succeeded: read whole outputs with tasked_task_output',
    });
  });

  it('calls a task pending that waits for others', async () => {
    const flow_id = await bench.submit([{ id: 'a' }, { id: 'b', depends_on: ['a'] }]);
    const { tasks, tasks_ready, tasks_pending } = await status(flow_id);
    expect(tasks.map((task: { state: string }) => task.state)).toEqual(['ready', 'pending']);
    expect([tasks_ready, tasks_pending]).toEqual([1, 1]);
  });

  it('says why a task failed or was skipped, and where to look', async () => {
    const flow_id = await bench.run([{ id: 'bad' }, { id: 'after', depends_on: ['bad'] }]);
    expect(await status(flow_id)).toMatchObject({
      state: 'failed',
      tasks: [
        {
          id: 'bad',
          state: 'failed',
          error: 'exit_code: the command ended with exit code 1',
        },
        { id: 'after', state: 'skipped', reason: 'upstream_failed' },
      ],
      next: 'failed: read tasked_task_output of `bad` with tail 40',
    });
  });

  it('tells of a failure while the rest goes on', async () => {
    const flow_id = await bench.submit([{ id: 'long' }, { id: 'bad' }]);
    await bench.runner.start();
    await bench.isIn(flow_id, 'bad', 'failed');
    expect((await status(flow_id)).next).toBe(
      'running: 1 of 2 done, 1 failed; read tasked_task_output of `bad` with tail 40, ' +
        'or call tasked_flow_status with wait_secs 25',
    );
  });

  it('names a failure that was allowed only when no other is there', async () => {
    const flow_id = await bench.run([{ id: 'bad', allow_failure: true }, { id: 'noisy' }]);
    expect((await status(flow_id)).next).toContain('`noisy`');
    const allowed = await bench.submit([{ id: 'bad', allow_failure: true }]);
    await bench.isIn(allowed, 'bad', 'failed');
    expect((await status(allowed)).next).toBe(
      'succeeded: read whole outputs with tasked_task_output; `bad` failed, which was allowed',
    );
  });

  it('shows when a delayed task goes on, and after how many attempts', async () => {
    const flow_id = await bench.submit([{ id: 'flaky', backoff_secs: 60 }]);
    await bench.runner.start();
    await bench.isIn(flow_id, 'flaky', 'delayed');
    expect((await status(flow_id)).tasks).toEqual([
      {
        id: 'flaky',
        state: 'delayed',
        executor: 'script',
        available_at: '2026-01-01T00:01:00.000Z',
        error: 'boom: not yet',
      },
    ]);
    await bench.clock.advance(60_000);
    await bench.isIn(flow_id, 'flaky', 'delayed');
    expect((await status(flow_id)).tasks[0].attempt).toBe(2);
  });

  it('cuts a long output to 2,000 characters, with its size and the call that reads the rest', async () => {
    const input = 'é'.repeat(3_000);
    const flow_id = await bench.run([{ id: 'a', input }]);
    const [task] = (await status(flow_id)).tasks;
    expect(task.output).toBe(JSON.stringify(input).slice(0, 2_000));
    expect(task.output_cut).toEqual({
      size: 6_002,
      read: 'tasked_task_output with task_id a, offset 3999',
    });
    const rest = await client.call('tasked_task_output', { flow_id, task_id: 'a', offset: 3_999 });
    expect(task.output + rest.output).toBe(JSON.stringify(input));
  });

  it('cuts a long error too', async () => {
    const flow_id = await bench.run([{ id: 'noisy' }]);
    const [task] = (await status(flow_id)).tasks;
    expect(task.error).toHaveLength(2_000);
    expect(task.error_cut).toEqual({
      size: 'exit_code: '.length + 5_000,
      read: 'tasked_task_output with task_id noisy',
    });
  });

  it('shows less of each output rather than fewer tasks', async () => {
    const tasks = Array.from({ length: 20 }, (_, index) => ({
      id: `t${index}`,
      input: 'x'.repeat(1_500),
    }));
    const answer = await status(await bench.run(tasks));
    expect(answer.tasks).toHaveLength(20);
    expect(answer.tasks[19].output).toMatch(/^"x+$/);
    expect(JSON.stringify(answer).length).toBeLessThanOrEqual(8_000);
  });

  it('stays under 8,000 characters whatever the outputs and errors hold', async () => {
    const awkward = '\\"\n\u0001😀'.repeat(2_000);
    const scripts = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `t${index}`,
        () => ({
          kind: 'failed' as const,
          failure: { code: 'bad', message: awkward, retryable: false },
          output: awkward,
        }),
      ]),
    );
    bench = new Workbench(scripts);
    client = await bench.client();
    const answer = await status(await bench.run(Object.keys(scripts).map((id) => ({ id }))));
    expect(answer.tasks.length).toBeGreaterThan(5);
    expect(JSON.stringify(answer).length).toBeLessThanOrEqual(8_000);
  });

  it('lists failed and running tasks of a long flow first, and pages through the others', async () => {
    const plain = Array.from({ length: 300 }, (_, index) => ({
      id: `t${index}`,
      depends_on: ['long'],
    }));
    const flow_id = await bench.submit([...plain, { id: 'long' }, { id: 'bad' }]);
    await bench.runner.start();
    await bench.isIn(flow_id, 'bad', 'failed');
    const seen: string[] = [];
    let answer = await status(flow_id);
    expect(answer.tasks_omitted).toBe(302 - answer.tasks.length);
    for (;;) {
      expect(JSON.stringify(answer).length).toBeLessThanOrEqual(8_000);
      seen.push(...answer.tasks.map((task: { id: string }) => task.id));
      if (answer.cursor === undefined) break;
      expect(answer.next).toContain('pass cursor for more tasks');
      answer = await status(flow_id, { cursor: answer.cursor });
    }
    expect(seen).toEqual(['bad', 'long', ...plain.map((task) => task.id)]);
    expect(answer.tasks_omitted).toBeUndefined();
  });

  it('refuses the cursor of another flow', async () => {
    const tasks = Array.from({ length: 300 }, (_, index) => ({ id: `t${index}` }));
    const { cursor } = await status(await bench.submit(tasks));
    const flow_id = await bench.submit([{ id: 'a' }]);
    const error = await client.error('tasked_flow_status', { flow_id, cursor });
    expect(error).toMatchObject({ code: 'invalid_input', faults: [{ path: 'cursor' }] });
  });

  it('answers an unknown id with the three most recent flows of the caller', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 4; index++) {
      ids.unshift(await bench.submit([{ id: 'a' }], { queue: `q${index}` }));
      await bench.clock.advance(1);
    }
    await bench.flows.submit({ tasks: [{ id: 'a', executor: 'script' }] }, 'somebody else');
    const error = await client.error('tasked_flow_status', { flow_id: 'f_gone' });
    expect(error.code).toBe('not_found');
    expect(error.message).toBe(
      `there is no flow "f_gone"; your most recent ones: ${ids
        .slice(0, 3)
        .map((id) => `${id} (running)`)
        .join(', ')}`,
    );
    expect(error.recent_flows[0]).toEqual({
      flow_id: ids[0],
      queue: 'q3',
      state: 'running',
      created_at: '2026-01-01T00:00:00.003Z',
    });
  });

  it('names the flow that was probably meant by a garbled id', async () => {
    const meant = await bench.submit([{ id: 'a' }]);
    for (let index = 0; index < 5; index++) await bench.submit([{ id: 'a' }]);
    const last = meant.at(-1) === 'x' ? 'y' : 'x';
    for (const flow_id of [`${meant.slice(0, -1)}${last}`, meant.slice(2), meant.toLowerCase()]) {
      const error = await client.error('tasked_flow_status', { flow_id });
      expect(error.did_you_mean).toBe(meant);
      expect(error.message).toContain(
        `there is no flow "${flow_id}"; did you mean ${meant}, or one of f_`,
      );
      expect(error.recent_flows).toHaveLength(3);
    }
  });

  it('does not tell a flow of somebody else from one that does not exist', async () => {
    const { flow } = await bench.flows.submit(
      { tasks: [{ id: 'a', executor: 'script' }] },
      'somebody else',
    );
    const error = await client.error('tasked_flow_status', { flow_id: flow.id });
    expect(error).toEqual({
      code: 'not_found',
      message: `there is no flow "${flow.id}"; you have none yet`,
      recent_flows: [],
    });
  });

  it('demands a flow_id', async () => {
    const error = await client.error('tasked_flow_status', { wait_secs: 60 });
    expect(error.faults).toEqual([
      { path: 'flow_id', message: 'is missing', expected: 'a text' },
      { path: 'wait_secs', message: 'must be at most 45', got: 60, expected: 'at most 45' },
    ]);
  });

  it('shows the beginning of a wrong value, however deep it is', async () => {
    let deep: unknown = [];
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    const error = await client.error('tasked_flow_status', { flow_id: deep });
    expect(error.faults).toEqual([
      { path: 'flow_id', message: 'must be a text', got: '[ [ [Array] ] ]', expected: 'a text' },
    ]);
  });

  it('shows small outputs whole, where cutting them would save nothing', async () => {
    const tasks = Array.from({ length: 40 }, (_, index) => ({
      id: `t${index}`,
      input: 'x'.repeat(100),
    }));
    const answer = await status(await bench.run(tasks));
    expect(answer.tasks.map((task: { output: string }) => task.output?.length)).toEqual(
      tasks.slice(0, answer.tasks.length).map(() => 100),
    );
  });

  describe('with wait_secs', () => {
    it('answers as soon as the flow has ended', async () => {
      const flow_id = await bench.submit([{ id: 'held' }]);
      await bench.runner.start();
      const waiting = status(flow_id, { wait_secs: 20 });
      await bench.isIn(flow_id, 'held', 'running');
      held.open();
      expect((await waiting).state).toBe('succeeded');
      expect(bench.clock.now()).toBe(Date.UTC(2026, 0, 1));
    });

    it('answers as soon as a task fails', async () => {
      const flow_id = await bench.submit([{ id: 'long' }, { id: 'bad' }]);
      const waiting = status(flow_id, { wait_secs: 20 });
      await bench.runner.start();
      expect(await waiting).toMatchObject({ state: 'running', tasks_failed: 1 });
    });

    it('answers when the time is up', async () => {
      const waiting = status(await bench.submit([{ id: 'a' }]), { wait_secs: '3' });
      await passes(waiting, 2_999);
      await bench.clock.advance(1);
      expect((await waiting).assumed).toEqual(['wait_secs: the text was read as a number']);
    });

    it('holds a call for 25 seconds at most', async () => {
      const waiting = status(await bench.submit([{ id: 'a' }]), { wait_secs: 45 });
      await passes(waiting, 24_999);
      await bench.clock.advance(1);
      expect((await waiting).state).toBe('running');
    });

    it('holds it for 45 seconds when it can report progress, and reports more and more', async () => {
      const reports: { progress: number; total?: number; message?: string }[] = [];
      const flow_id = await bench.submit([{ id: 'a' }, { id: 'b' }]);
      const waiting = client.call(
        'tasked_flow_status',
        { flow_id, wait_secs: 45 },
        { onprogress: (report: { progress: number }) => reports.push(report) },
      );
      await passes(waiting, 44_999);
      await bench.clock.advance(1);
      await waiting;
      expect(reports).toHaveLength(9);
      expect(reports[0]).toMatchObject({ total: 2, message: '0/2 done, 0 running' });
      for (const [place, { progress }] of reports.entries()) {
        expect(progress).toBeGreaterThan(reports[place - 1]?.progress ?? 0);
        expect(progress).toBeLessThan(1);
      }
    });

    it('leaves the flow alone when the call is called off', async () => {
      const flow_id = await bench.submit([{ id: 'a' }]);
      const abort = new AbortController();
      const waiting = client.call(
        'tasked_flow_status',
        { flow_id, wait_secs: 20 },
        { signal: abort.signal },
      );
      abort.abort();
      await expect(waiting).rejects.toThrow();
      expect((await bench.flow(flow_id)).state).toBe('running');
    });

    it('answers at once when the server is about to stop', async () => {
      const stopping = new AbortController();
      client = await bench.client({ stopping: stopping.signal });
      const waiting = status(await bench.submit([{ id: 'a' }]), { wait_secs: 20 });
      stopping.abort();
      expect((await waiting).state).toBe('running');
    });

    /** Lets the time go on and checks that the call is still held then. */
    async function passes(waiting: Promise<unknown>, ms: number): Promise<void> {
      let answered = false;
      void waiting.then(() => {
        answered = true;
      });
      await bench.clock.advance(0);
      await bench.clock.advance(ms);
      expect(answered).toBe(false);
    }
  });
});
