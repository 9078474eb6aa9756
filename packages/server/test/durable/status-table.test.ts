import { readFileSync } from 'node:fs';
import { ProtocolError } from '@modelcontextprotocol/server';
import { PermanentError } from '@tasked/core';
import {
  createToolServer,
  type DurableToolContext,
  durableTool,
  ownerOf,
  serveToolsOverHttp,
} from '@tasked/server';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DurableBench } from './durable-bench.ts';
import { type Era, rpcOf } from './rpc.ts';

const page = readFileSync(new URL('../../../../docs/durable-tools.md', import.meta.url), 'utf8');

/** The rows of the page's table of states: what the call is in, and the status in each generation. */
const ROWS = [...page.matchAll(/^\| (`\w+`[^|]*) \| `(\w+)` +\| `(\w+)` +\|$/gm)].map(
  ([, call = '', legacy = '', modern = '']) => ({ call: call.trim(), legacy, modern }),
);

/** How a row comes about. */
interface Situation {
  readonly run?: (ctx: DurableToolContext) => unknown;
  /** The state that the task is in then. */
  readonly state: string;
  /** No runner is there. */
  readonly unattended?: boolean;
  /** The client can answer no forms. */
  readonly mute?: boolean;
  readonly retries?: number;
  readonly cancelled?: boolean;
}

const never = () => new Promise<null>(() => {});
const ask = (ctx: DurableToolContext) =>
  ctx.requireInput({ ok: { message: 'Well?', requestedSchema: { type: 'object' } } });
const throws = (error: Error) => () => {
  throw error;
};

const SITUATIONS: Readonly<Record<string, Situation>> = {
  '`ready`: no runner has taken it yet': { state: 'ready', unattended: true },
  '`running`': { state: 'running', run: never },
  '`delayed`: failed, and tried again later': { state: 'delayed', run: throws(new Error('no')) },
  '`delayed`: snoozes': { state: 'delayed', run: (ctx) => ctx.snooze(60_000) },
  '`waiting`: for input': { state: 'waiting', run: ask },
  '`waiting`: and the client cannot be asked': { state: 'waiting', run: ask, mute: true },
  '`succeeded`': { state: 'succeeded', run: () => null },
  '`succeeded`: with a result that says `isError`': {
    state: 'succeeded',
    run: () => ({ content: [], isError: true }),
  },
  '`failed`: its attempts are spent': { state: 'failed', run: throws(new Error('no')), retries: 0 },
  '`failed`: for good, by a `PermanentError`': {
    state: 'failed',
    run: throws(new PermanentError('no')),
  },
  '`failed`: by an error of the protocol': {
    state: 'failed',
    run: throws(new ProtocolError(-32_603, 'no')),
  },
  '`cancelled`': { state: 'cancelled', unattended: true, cancelled: true },
};

it('the page has a row for every situation, and no other', () => {
  expect(ROWS.map(({ call }) => call)).toEqual(Object.keys(SITUATIONS));
});

describe.each(ROWS)('a call that is $call', ({ call, legacy, modern }) => {
  it.each([
    ['2025-11-25', legacy],
    ['2026-07-28', modern],
  ] satisfies [Era, string][])('is shown to clients of %s as %s', async (era, status) => {
    const situation = SITUATIONS[call] ?? { state: 'none' };
    const tool = durableTool({
      name: 'it',
      description: 'Does it.',
      inputSchema: z.object({}),
      retries: situation.retries ?? 3,
      run: (_args, ctx) => situation.run?.(ctx) as never,
    });
    const bench = new DurableBench([tool]);
    if (situation.unattended !== true) await bench.runner.start();
    const { tools, tasks, logger } = bench.durable;
    const info = { name: 'bench', version: '1' };
    const server = createToolServer({ info, tools, tasks, owner: ownerOf, logger });
    const http = serveToolsOverHttp(server, { logger });
    const rpc = rpcOf(era, (request) => http.fetch(request, ''), { mute: situation.mute === true });
    const taskId = await rpc.start('it');
    if (situation.cancelled === true) await rpc.call('tasks/cancel', { taskId });
    await bench.isIn(taskId, situation.state);
    expect((await rpc.status(taskId)).status).toBe(status);
  });
});
