import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FROM_SOURCE } from '../from-source.ts';
import type { Message, Said } from './recorded-transport.ts';
import { type Era, expectSpoken } from './wire-oracle.ts';

const mcpdo = fileURLToPath(
  new URL(
    'clients/mcpdo/build/mcp-bin.js',
    import.meta.resolve('@modelcontextprotocol/inspector/package.json'),
  ),
);
const server = fileURLToPath(new URL('recording-server.ts', import.meta.url));

/** The Inspector's command line, which keeps one connection open from command to command. */
class Inspector {
  readonly #dir = mkdtempSync(join(tmpdir(), 'mcpdo-'));
  readonly #era: Era;
  #connection = '';

  constructor(era: Era) {
    this.#era = era;
  }

  async connect(): Promise<void> {
    const command = [process.execPath, ...FROM_SOURCE, server, this.#journal, '--owner', 'ann'];
    const { name } = await this.do('connect', '--era', this.#era, '--', ...command);
    this.#connection = name;
  }

  /** What a command printed; one that fails throws with what it printed instead. */
  async do(...args: readonly string[]): Promise<Message> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [mcpdo, '--format', 'json', ...args],
      { env: { ...process.env, HOME: this.#dir, MCP_INSPECTOR_SECRET_STORE: 'file' } },
    );
    return JSON.parse(stdout) as Message;
  }

  async onConnection(...args: readonly string[]): Promise<Message> {
    return await this.do('--connection', this.#connection, ...args);
  }

  get said(): readonly Said[] {
    const lines = readFileSync(this.#journal, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as Said);
  }

  /** The id of the task that was created last. */
  get lastTaskId(): string {
    const ids = this.said.flatMap(
      ({ message: { result } }) =>
        result?.task?.taskId ?? (result?.resultType === 'task' ? result.taskId : []),
    );
    return ids.at(-1) as string;
  }

  async close(): Promise<void> {
    await this.do('daemon', 'stop');
    rmSync(this.#dir, { recursive: true, force: true });
  }

  get #journal(): string {
    return join(this.#dir, 'journal.ndjson');
  }
}

describe.each(['legacy', 'modern'] as const)('the Inspector, era %s', (era) => {
  const inspector = new Inspector(era);

  beforeAll(() => inspector.connect(), 60_000);

  afterAll(() => inspector.close());

  it('calls a tool as a task, follows it, and gets its result, also later', async () => {
    const call = ['slow_compute', '--task', 'seconds:=0.1', 'label:=it'];
    const content = [{ type: 'text', text: 'done it' }];
    expect(await inspector.onConnection('tools/call', ...call)).toMatchObject({ content });
    const taskId = inspector.lastTaskId;
    expect(await inspector.onConnection('tasks/get', taskId)).toMatchObject({
      task: { taskId, status: 'completed' },
    });
    expect(await inspector.onConnection('tasks/result', taskId)).toMatchObject({ content });
    expectSpoken(era, inspector.said);
  });

  it('shows why a task failed', async () => {
    const failing = inspector.onConnection('tools/call', 'failing_job');
    const why = era === 'legacy' ? 'the job failed' : "'failing_job' returned isError";
    await expect(failing).rejects.toThrow(why);
    expectSpoken(era, inspector.said);
  });

  // It does not ask for the result of a task that waits, and so is not asked.
  if (era === 'legacy') return;

  it('shows the form of a task that waits, and gives the answer', async () => {
    const call = ['confirm_delete', 'filename:=a.txt'];
    const { elicitationPending } = await inspector.onConnection('tools/call', ...call);
    expect(elicitationPending).toMatchObject({ mode: 'form', message: 'Delete a.txt?' });
    const answered = await inspector.do(
      'elicitation/respond',
      elicitationPending.elicitationId,
      'confirm:=true',
    );
    expect(answered).toMatchObject({ content: [{ text: 'Deleted a.txt' }] });
    expectSpoken(era, inspector.said);
  });
});
