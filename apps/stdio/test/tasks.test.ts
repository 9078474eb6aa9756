import { describe, expect, it } from 'vitest';
import { processesWith } from './support/processes.ts';
import { HANDSHAKE, TaskedProcess } from './support/tasked-process.ts';
import { tempDir } from './support/temp-dir.ts';
import { until } from './support/until.ts';

const TASKS = 'io.modelcontextprotocol/tasks';

/** What a client of 2026-07-28 says of itself with every request. */
const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'e2e', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': { extensions: { [TASKS]: {} } },
};

/** A client of one generation with a server of its own. */
class TaskClient {
  readonly server: TaskedProcess;
  readonly #isModern: boolean;
  #lastId = 0;

  constructor(isModern: boolean, dataDir: string) {
    this.#isModern = isModern;
    this.server = new TaskedProcess(['--data-dir', dataDir]);
    if (!isModern) this.server.send(...HANDSHAKE);
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
  async ask(method: string, params: object): Promise<any> {
    this.#lastId += 1;
    const id = this.#lastId;
    const whole = this.#isModern ? { ...params, _meta: ENVELOPE } : params;
    this.server.send({ jsonrpc: '2.0', id, method, params: whole });
    return await this.server.answer(id);
  }

  /** Submits a flow as a task, and tells its id. */
  async start(flow: object): Promise<string> {
    const call = { name: 'tasked_submit_flow', arguments: flow };
    const { result } = await this.ask('tools/call', this.#isModern ? call : { ...call, task: {} });
    return this.#isModern ? result.taskId : result.task.taskId;
  }

  async status(taskId: string): Promise<string> {
    return (await this.ask('tasks/get', { taskId })).result.status;
  }

  /** The result of a task, once it has one. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
  async result(taskId: string): Promise<any> {
    if (!this.#isModern) return (await this.ask('tasks/result', { taskId })).result;
    await until(async () => (await this.status(taskId)) === 'completed');
    return (await this.ask('tasks/get', { taskId })).result.result;
  }

  async kill(): Promise<void> {
    this.server.child.kill('SIGKILL');
    await this.server.exit();
  }
}

describe.each([
  ['2025-11-25', false],
  ['2026-07-28', true],
])('a flow that a client of %s submitted as a task', (_era, isModern) => {
  it('comes to its end under the same id when the server is killed and started again', async () => {
    const dir = tempDir();
    const before = new TaskClient(isModern, dir);
    const command = '[ "$TASKED_ATTEMPT_NUMBER" = 1 ] && sleep 60; echo again';
    const task = { id: 'a', executor: 'shell', config: { command }, retries: 1, backoff_secs: 0 };
    const taskId = await before.start({ tasks: [task] });
    expect(await before.status(taskId)).toBe('working');
    await until(() => processesWith(taskId).length > 0);
    await before.kill();

    const after = new TaskClient(isModern, dir);
    expect(await after.status(taskId)).toBe('working');
    const { structuredContent } = await after.result(taskId);
    expect(structuredContent).toMatchObject({ flow_id: taskId, state: 'succeeded' });
    expect(processesWith(taskId)).toEqual([]);
  });
});
