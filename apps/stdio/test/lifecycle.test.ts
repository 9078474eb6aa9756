import { describe, expect, it } from 'vitest';
import { connect } from './support/connect.ts';
import { processesWith } from './support/processes.ts';
import { HANDSHAKE, TaskedProcess, toolCall } from './support/tasked-process.ts';
import { tempDir } from './support/temp-dir.ts';
import { until } from './support/until.ts';

const shell = (id: string, command: string, more: object = {}) => ({
  id,
  executor: 'shell',
  config: { command },
  ...more,
});

/** Starts a server and submits a flow; returns both once the flow is stored. */
async function submitted(dataDir: string, tasks: readonly object[], args: readonly string[] = []) {
  const server = new TaskedProcess(['--data-dir', dataDir, ...args]);
  server.send(...HANDSHAKE, toolCall(1, 'tasked_submit_flow', { tasks }));
  const { result } = await server.answer(1);
  return { server, flowId: result.structuredContent.flow_id as string };
}

describe('the server process', () => {
  it('ends with its client: exit 0, nothing left running, the work given back', async () => {
    const dataDir = tempDir();
    const { server, flowId } = await submitted(dataDir, [
      shell('long', 'trap "" TERM; sleep 600 & sleep 600'),
      shell('next', 'true', { depends_on: ['long'] }),
    ]);
    await until(() => processesWith(flowId).length >= 3);
    server.child.stdin.end();
    expect(await server.exit()).toEqual({ code: 0, signal: null });
    expect(processesWith(flowId)).toEqual([]);
    const again = await connect(['--data-dir', dataDir]);
    const status = await again.call('tasked_flow_status', { flow_id: flowId });
    expect(status).toMatchObject({ state: 'running', tasks_failed: 0, tasks_pending: 1 });
  });

  it('lets a task that is about to end do so', async () => {
    const dataDir = tempDir();
    const { server, flowId } = await submitted(dataDir, [
      shell('short', 'sleep 0.5; echo made it'),
    ]);
    await until(() => processesWith(flowId).length > 0);
    server.child.stdin.end();
    expect(await server.exit()).toEqual({ code: 0, signal: null });
    const again = await connect(['--data-dir', dataDir]);
    const status = await again.call('tasked_flow_status', { flow_id: flowId });
    expect(status).toMatchObject({ state: 'succeeded' });
    expect(status.tasks[0].output.stdout).toBe('made it\n');
  });

  it('answers what was asked before the client closed its end', async () => {
    const server = new TaskedProcess(['--data-dir', tempDir()]);
    const tasks = [{ id: 'a', executor: 'noop' }];
    server.send(...HANDSHAKE, toolCall(1, 'tasked_submit_flow', { tasks }));
    server.child.stdin.end(JSON.stringify(toolCall(2, 'tasked_list_flows', {})));
    expect(await server.exit()).toEqual({ code: 0, signal: null });
    expect(new Set(server.messages().map(({ id }) => id))).toEqual(new Set([0, 1, 2]));
  });

  it('answers a call that it holds before it ends', async () => {
    const { server, flowId } = await submitted(tempDir(), [shell('long', 'sleep 600')]);
    server.send(toolCall(2, 'tasked_flow_status', { flow_id: flowId, wait_secs: 25 }));
    await until(() => processesWith(flowId).length > 0);
    server.child.stdin.end();
    expect((await server.answer(2)).result.structuredContent.state).toBe('running');
    expect(await server.exit()).toEqual({ code: 0, signal: null });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('stops gracefully on %s', async (signal) => {
    const { server, flowId } = await submitted(tempDir(), [shell('long', 'sleep 600')]);
    await until(() => processesWith(flowId).length > 0);
    server.child.kill(signal);
    expect(await server.exit()).toEqual({ code: 0, signal: null });
    expect(processesWith(flowId)).toEqual([]);
  });

  it('stops at once on a second signal', async () => {
    const { server, flowId } = await submitted(tempDir(), [shell('long', 'sleep 600')]);
    await until(() => processesWith(flowId).length > 0);
    server.child.kill('SIGTERM');
    await server.logs('stopping');
    server.child.kill('SIGTERM');
    expect(await server.exit()).toEqual({ code: 143, signal: null });
    for (const pid of processesWith(flowId)) process.kill(pid, 'SIGKILL');
  });

  it('ends when nobody reads its answers any more', async () => {
    const server = new TaskedProcess(['--data-dir', tempDir()]);
    server.send(...HANDSHAKE);
    await server.answer(0);
    server.child.stdout.destroy();
    server.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    server.send({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
    expect(await server.exit()).toEqual({ code: 0, signal: null });
    expect(server.stderr).not.toMatch(/EPIPE.*\n\s+at /);
  });

  it('writes nothing but JSON-RPC to stdout, whatever it is sent', async () => {
    const server = new TaskedProcess(['--data-dir', tempDir(), '--log-level', 'debug']);
    server.child.stdin.write('nonsense\n\n{"jsonrpc":"2.0"}\n[]\n{"id":3,"method":"x"}\n\u0000\n');
    server.send(...HANDSHAKE);
    server.send({ jsonrpc: '2.0', id: 5, method: 'no/such/method' });
    server.send({ jsonrpc: '2.0', id: 6, method: 'tools/call', params: { name: 'tasked_x' } });
    server.send({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { arguments: 3 } });
    server.send({ jsonrpc: '2.0', id: 8, method: 'tools/list' });
    const { result } = await server.answer(8);
    expect(result.tools).toHaveLength(6);
    expect((await server.answer(5)).error.code).toBe(-32_601);
    expect((await server.answer(6)).error.code).toBe(-32_602);
    expect((await server.answer(7)).error.code).toBe(-32_602);
    server.child.stdin.end();
    await server.exit();
    expect(server.messages().length).toBe(10);
  });

  it('finds its flows again after a restart', async () => {
    const dataDir = tempDir();
    const { server, flowId } = await submitted(dataDir, [shell('a', 'echo kept')]);
    server.send(toolCall(2, 'tasked_flow_status', { flow_id: flowId, wait_secs: 20 }));
    await server.answer(2);
    server.child.stdin.end();
    await server.exit();
    const again = await connect(['--data-dir', dataDir]);
    const status = await again.call('tasked_flow_status', { flow_id: flowId });
    expect(status.tasks[0].output.stdout).toBe('kept\n');
    const log = await again.call('tasked_task_output', { flow_id: flowId, task_id: 'a', tail: 1 });
    expect(log.output).toBe('kept\n');
    expect((await again.call('tasked_list_flows', {})).flows[0].flow_id).toBe(flowId);
  });

  it('takes over what a killed one was running, and ends what that left behind first', async () => {
    const dataDir = tempDir();
    const first = await connect(['--data-dir', dataDir]);
    const flow_id = await first.submit({
      tasks: [
        shell('a', 'sleep 600 & [ "$TASKED_ATTEMPT_NUMBER" = 2 ] && exit 0; wait', {
          backoff_secs: 0,
        }),
      ],
    });
    await until(() => processesWith(flow_id).length >= 2);
    const orphans = processesWith(flow_id);
    await first.kill();
    const second = await connect(['--data-dir', dataDir]);
    expect(await second.ended(flow_id)).toMatchObject({ state: 'succeeded' });
    expect(processesWith(flow_id).filter((pid) => orphans.includes(pid))).toEqual([]);
    for (const pid of processesWith(flow_id)) process.kill(pid, 'SIGKILL');
  });
});
