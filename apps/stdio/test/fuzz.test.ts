import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { connect } from './support/connect.ts';
import { HANDSHAKE, TaskedProcess, toolCall } from './support/tasked-process.ts';
import { tempDir } from './support/temp-dir.ts';

const noop = (id: string, more: object = {}) => ({ id, executor: 'noop', ...more });

/** Messages of a client, to be spoilt. No task of theirs does anything. */
const MESSAGES: readonly string[] = [
  toolCall(1, 'tasked_submit_flow', { tasks: [noop('a', { input: [1, { b: null }] })] }),
  toolCall(2, 'tasked_submit_flow', {
    queue: 'q',
    queue_config: { concurrency: 2, max_retries: 0, timeout_secs: 5 },
    tasks: [noop('a'), noop('b', { depends_on: ['a'], input: '${tasks.a.output}' })],
  }),
  toolCall(3, 'tasked_submit_flow', {
    tasks: Array.from({ length: 20 }, (_, index) => noop(`t${index}`)),
    idempotency_key: 'k',
    validate_only: false,
  }),
  toolCall(4, 'tasked_flow_status', { flow_id: 'f_x', wait_secs: 1 }),
  toolCall(5, 'tasked_task_output', { flow_id: 'f_x', task_id: 'a', tail: 3 }),
  toolCall(6, 'tasked_list_flows', { queue: 'q', limit: 2 }),
  toolCall(7, 'tasked_cancel_flow', { flow_id: 'f_x' }),
  [{ jsonrpc: '2.0', id: 8, method: 'ping' }, toolCall(9, 'tasked_list_flows', {})],
].map((message) => JSON.stringify(message));

/** A message with some of its bytes changed, lost, doubled or in the wrong place. */
const spoilt: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.constantFrom(...MESSAGES),
    fc.array(
      fc.record({
        at: fc.nat(),
        length: fc.integer({ min: 0, max: 12 }),
        put: fc.oneof(
          fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
          fc
            .constantFrom(
              'null',
              '[',
              '{',
              '"',
              ',',
              '-1',
              '"a"',
              '[[[[',
              '\\u0000',
              '9'.repeat(400),
            )
            .map((text) => Buffer.from(text)),
        ),
      }),
      { maxLength: 3 },
    ),
  )
  .map(([message, edits]) =>
    edits.reduce<Buffer>((bytes, { at, length, put }) => {
      const start = at % (bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + length)]);
    }, Buffer.from(message)),
  )
  // What is a line to the sender is one to the server.
  .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 10 ? 32 : byte))));

const LEAK =
  /\\n\s+at |node_modules|\/apps\/|\/packages\/|\.[cm]?[tj]s:\d|SQLITE|\bselect .* from\b/i;

/** Fails unless every flow in the database has all of its tasks and counts them as they are. */
function expectWhole(dataDir: string): number {
  const db = new BetterSqlite3(join(dataDir, 'tasked.sqlite'), { readonly: true });
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  const states = 'blocked delayed ready running waiting succeeded failed cancelled skipped'.split(
    ' ',
  );
  const counted = states.map((state, code) => `sum(t.state = ${code}) = f.${state}`).join(' and ');
  const flows = db
    .prepare<[], { readonly whole: number }>(
      `select count(*) = f.task_count and count(s.task_key) = f.task_count and ${counted} as whole
       from flow f left join flow_task t on t.flow_key = f.key
         left join flow_task_spec s on s.task_key = t.key
       group by f.key`,
    )
    .all();
  const strays = 'select count(*) from flow_task where flow_key not in (select key from flow)';
  expect(db.prepare(strays).pluck().get()).toBe(0);
  db.close();
  expect(flows.filter(({ whole }) => whole !== 1)).toEqual([]);
  return flows.length;
}

it('spoilt messages never stop the program, tell of its inside, or leave half a flow', async () => {
  const dataDir = tempDir();
  const server = new TaskedProcess(['--data-dir', dataDir], { cwd: tempDir() });
  server.send(...HANDSHAKE);
  await server.answer(0);
  let id = 1_000_000;
  await fc.assert(
    fc.asyncProperty(fc.array(spoilt, { minLength: 20, maxLength: 40 }), async (lines) => {
      for (const line of lines) server.child.stdin.write(Buffer.concat([line, Buffer.from('\n')]));
      id += 1;
      server.send({ jsonrpc: '2.0', id, method: 'tools/list' });
      expect((await server.answer(id)).result.tools).toHaveLength(6);
      expect(server.stdout).not.toMatch(LEAK);
      server.stdout = server.stdout.slice(server.stdout.lastIndexOf('\n') + 1);
    }),
    { numRuns: 100 },
  );
  server.child.stdin.end();
  expect(await server.exit()).toEqual({ code: 0, signal: null });
  expect(server.stdout).not.toMatch(LEAK);
  expect(server.stderr).not.toContain('a tool call failed');
  expect(expectWhole(dataDir)).toBeGreaterThan(5);

  const next = await connect(['--data-dir', dataDir]);
  const { flows } = await next.call('tasked_list_flows', { state: 'running', limit: 100 });
  for (const { flow_id } of flows) await next.ended(flow_id);
  await next.close();
  expectWhole(dataDir);
});
