import { setTimeout as elapsed } from 'node:timers/promises';
import { ProtocolError } from '@modelcontextprotocol/server';
import type { InputRequests, JsonObject } from '@tasked/core';
import type { ObjectSchema, ServerTool } from '@tasked/server';
import type { WorkedTools } from './worked-tools.ts';

/** The tools that the official suite expects, on standalone tasks that this process works on. */
export function workedFixtureTools(worked: WorkedTools): readonly ServerTool[] {
  return [
    {
      name: 'greet',
      description: 'Greets.',
      inputSchema: objectOf({ name: { type: 'string' } }),
      taskSupport: 'forbidden',
      call: async ({ name }) => said(`Hello, ${name}!`),
    },
    worked.tool({
      name: 'slow_compute',
      inputSchema: objectOf({ seconds: { type: 'number' }, label: { type: 'string' } }),
      taskSupport: 'optional',
      work: async ({ seconds, label }, { signal }) => {
        await elapsed(Number(seconds ?? 0) * 1_000, undefined, { signal });
        return said(`done ${label ?? ''}`);
      },
    }),
    worked.tool({
      name: 'failing_job',
      inputSchema: objectOf({}),
      taskSupport: 'required',
      work: async (_, { signal }) => {
        await elapsed(1_000, undefined, { signal });
        return { ...said('the job failed'), isError: true };
      },
    }),
    worked.tool({
      name: 'protocol_error_job',
      inputSchema: objectOf({}),
      taskSupport: 'optional',
      work: async () => {
        throw new ProtocolError(-32603, 'the job broke');
      },
    }),
    worked.tool({
      name: 'confirm_delete',
      inputSchema: objectOf({ filename: { type: 'string' } }),
      taskSupport: 'optional',
      work: async ({ filename }, { ask }) => {
        const { confirm } = await ask({ confirm: form(`Delete ${filename}?`, 'confirm') });
        const { action, content } = confirm as { action?: string; content?: { confirm?: boolean } };
        const isConfirmed = action === 'accept' && content?.confirm === true;
        return said(isConfirmed ? `Deleted ${filename}` : `Kept ${filename}`);
      },
    }),
    worked.tool({
      name: 'multi_input',
      inputSchema: objectOf({}),
      taskSupport: 'optional',
      work: async (_, { ask }) => {
        const questions = { first: form('First?', 'ok'), second: form('Second?', 'ok') };
        return said(JSON.stringify(await ask(questions)));
      },
    }),
    worked.tool({
      name: 'test_tool_with_task',
      inputSchema: objectOf({}),
      taskSupport: 'required',
      first: { user_name: form('Your name?', 'name', 'string') },
      work: async (_, { first }) => {
        const { content } = first.user_name as { content?: { name?: string } };
        return said(`Hello, ${content?.name ?? 'nobody'}!`);
      },
    }),
  ];
}

function said(text: string) {
  return { content: [{ type: 'text' as const, text }] };
}

function objectOf(properties: object): ObjectSchema {
  return { type: 'object', properties } as ObjectSchema;
}

function form(message: string, field: string, type = 'boolean'): InputRequests[string] {
  const requestedSchema = { type: 'object', properties: { [field]: { type } }, required: [field] };
  const params = { mode: 'form', message, requestedSchema };
  return { method: 'elicitation/create', params } satisfies JsonObject;
}
