import { beforeEach, describe, expect, it } from 'vitest';
import { fails, gate, type Script, type ToolClient, Workbench } from '../../test/workbench.ts';

describe('tasked_task_output', () => {
  let bench: Workbench;
  let client: ToolClient;

  const held = gate();
  const talks: Script = async (context) => {
    context.log('stdout', 'one\ntwo\n');
    context.log('stderr', 'oh\n');
    context.log('log', 'one\ntwo\noh\n');
    return { kind: 'succeeded', output: { exit_code: 0 } };
  };

  beforeEach(async () => {
    bench = new Workbench({
      talks,
      bad: fails,
      held: async (context) => {
        context.log('log', 'hé');
        return await held.script(context);
      },
    });
    client = await bench.client();
  });

  const read = (flow_id: string, task_id: string, more: object = {}) =>
    client.call('tasked_task_output', { flow_id, task_id, ...more });

  it('gives a whole output as JSON', async () => {
    const flow_id = await bench.run([{ id: 'a', input: { text: 'é', n: [1, null] } }]);
    expect(await read(flow_id, 'a')).toEqual({
      flow_id,
      task_id: 'a',
      state: 'succeeded',
      attempt: 1,
      started_at: '2026-01-01T00:00:00.000Z',
      ended_at: '2026-01-01T00:00:00.000Z',
      error: null,
      stream: 'output',
      output: { text: 'é', n: [1, null] },
      offset: 0,
      size: Buffer.byteLength('{"text":"é","n":[1,null]}'),
      cut: false,
      next: 'succeeded: this is all',
    });
  });

  it('reads a long output in windows that fit together, whatever they cut through', async () => {
    const input = { text: 'aé€😀"\\\n'.repeat(400) };
    const flow_id = await bench.run([{ id: 'a', input }]);
    for (const limit of [1, 7, 500, 4_001]) {
      let text = '';
      let offset: number | undefined = 0;
      while (offset !== undefined) {
        const answer = await read(flow_id, 'a', { offset, limit });
        expect(answer.offset).toBe(offset);
        expect(answer.cut).toBe(true);
        text += answer.output;
        offset = answer.next_offset;
        if (limit === 1 && text.length > 50) break;
      }
      expect(JSON.stringify(input).startsWith(text)).toBe(true);
      if (limit > 1) expect(JSON.parse(text)).toEqual(input);
    }
  });

  it('answers with less than 8,000 characters unless the caller names a limit', async () => {
    const flow_id = await bench.run([{ id: 'a', input: '\n'.repeat(30_000) }]);
    const short = await read(flow_id, 'a');
    expect(JSON.stringify(short).length).toBeLessThanOrEqual(8_000);
    expect(short.next).toBe(
      `${60_002 - short.next_offset} of 60002 bytes follow: call again with offset ${short.next_offset}`,
    );
    const long = await read(flow_id, 'a', { limit: 50_000 });
    expect(long.output).toHaveLength(50_000);
    const whole = await read(flow_id, 'a', { limit: 100_000 });
    expect(whole.output).toBe('\n'.repeat(30_000));
  });

  it('reads each stream of a log', async () => {
    const flow_id = await bench.run([{ id: 'talks' }]);
    expect(await read(flow_id, 'talks', { stream: 'stdout' })).toMatchObject({
      stream: 'stdout',
      output: 'one\ntwo\n',
      size: 8,
      cut: false,
      next: 'succeeded: this is all',
    });
    expect(await read(flow_id, 'talks', { stream: 'stderr' })).toMatchObject({ output: 'oh\n' });
    expect(await read(flow_id, 'talks', { stream: 'log', offset: 4, limit: 4 })).toMatchObject({
      output: 'two\n',
      offset: 4,
      size: 11,
      cut: true,
      next_offset: 8,
    });
  });

  it('takes a tail to mean the log', async () => {
    const flow_id = await bench.run([{ id: 'talks' }]);
    expect(await read(flow_id, 'talks', { tail: 2 })).toMatchObject({
      stream: 'log',
      output: 'two\noh\n',
      offset: 4,
      cut: true,
      next: 'succeeded: 4 bytes come before these: call with offset 0 to read them',
    });
    expect(await read(flow_id, 'talks', { stream: 'stdout', tail: 1 })).toMatchObject({
      output: 'two\n',
    });
  });

  it('gives the output when there is no log to take a tail of', async () => {
    const flow_id = await bench.run([{ id: 'a', input: 'x' }]);
    expect(await read(flow_id, 'a', { tail: 5 })).toMatchObject({ stream: 'output', output: 'x' });
  });

  it('keeps the end of a tail that is too long', async () => {
    bench = new Workbench({
      chatty: (context) => {
        context.log('log', `${'\t'.repeat(20_000)}the end\n`);
        return { kind: 'succeeded', output: null };
      },
    });
    client = await bench.client();
    const answer = await read(await bench.run([{ id: 'chatty' }]), 'chatty', { tail: 1 });
    expect(answer.output).toMatch(/^\t+the end\n$/);
    expect(answer.offset + answer.output.length).toBe(answer.size);
    expect(answer.next_offset).toBeUndefined();
    expect(JSON.stringify(answer).length).toBeLessThanOrEqual(8_000);
  });

  it('reads on in a log that grows, never half a character', async () => {
    const flow_id = await bench.submit([{ id: 'held' }]);
    await bench.runner.start();
    await bench.isIn(flow_id, 'held', 'running');
    const { fence } = await bench.flows.getTask(flow_id, 'held', '');
    bench.logs.append({ flowId: flow_id, taskId: 'held', fence }, 'log', Buffer.from([0xe2, 0x82]));
    const first = await read(flow_id, 'held', { stream: 'log' });
    expect(first).toMatchObject({ state: 'running', output: 'hé', size: 5, next_offset: 3 });
    bench.logs.append({ flowId: flow_id, taskId: 'held', fence }, 'log', Buffer.from([0xac]));
    const second = await read(flow_id, 'held', { stream: 'log', offset: 3 });
    expect(second).toMatchObject({
      output: '€',
      next: 'running: call again with offset 6 for what it prints next, or call tasked_flow_status with wait_secs 25',
    });
    expect(await read(flow_id, 'held')).toMatchObject({
      output: null,
      next: 'running: no output yet; read stream log, or call tasked_flow_status with wait_secs 25',
    });
    held.open();
  });

  it('says that a task has not started yet', async () => {
    const flow_id = await bench.submit([{ id: 'a' }, { id: 'b', depends_on: ['a'] }]);
    expect(await read(flow_id, 'b')).toMatchObject({
      state: 'pending',
      attempt: 0,
      output: null,
      next: 'pending: it has not started yet; call tasked_flow_status with wait_secs 25',
    });
  });

  it('shows the error of a failed task', async () => {
    const flow_id = await bench.run([{ id: 'bad' }]);
    expect(await read(flow_id, 'bad')).toMatchObject({
      state: 'failed',
      error: 'exit_code: the command ended with exit code 1',
      output: null,
      next: 'failed: read stream log with tail 40',
    });
  });

  it('refuses a tail together with an offset', async () => {
    const flow_id = await bench.run([{ id: 'a' }]);
    const error = await client.error('tasked_task_output', {
      flow_id,
      task_id: 'a',
      tail: 1,
      offset: 1,
    });
    expect(error).toMatchObject({ code: 'invalid_input', faults: [{ path: 'offset' }] });
  });

  it('shows nothing beyond the end', async () => {
    const flow_id = await bench.run([{ id: 'a', input: 1 }]);
    expect(await read(flow_id, 'a', { offset: 10 })).toMatchObject({ output: '', size: 1 });
  });

  it('names the task that was probably meant when it does not find one, and those that there are', async () => {
    const ids = ['build', 'test', ...Array.from({ length: 10 }, (_, index) => `deploy-${index}`)];
    const flow_id = await bench.run(ids.map((id) => ({ id })));
    expect(await client.error('tasked_task_output', { flow_id, task_id: 'biuld' })).toEqual({
      code: 'not_found',
      message:
        `flow ${flow_id} has no task "biuld"; did you mean "build"? Its tasks: ` +
        `${ids.slice(0, 10).join(', ')} and 2 more`,
      did_you_mean: 'build',
      task_ids: ids.slice(0, 10),
    });
  });

  it('names what there is when nothing is near', async () => {
    const flow_id = await bench.run([{ id: 'a' }]);
    const error = await client.error('tasked_task_output', { flow_id, task_id: 'quite-another' });
    expect(error).toEqual({
      code: 'not_found',
      message: `flow ${flow_id} has no task "quite-another"; its tasks: a`,
      task_ids: ['a'],
    });
  });

  it('names the most recent flows when the id is unknown', async () => {
    const error = await client.error('tasked_task_output', { flow_id: 'f_x', task_id: 'a' });
    expect(error).toMatchObject({ code: 'not_found', recent_flows: [] });
  });
});
