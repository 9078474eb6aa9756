import { setTimeout as elapsed } from 'node:timers/promises';
import { ProtocolError } from '@modelcontextprotocol/server';
import { type JsonObject, PermanentError } from '@tasked/core';
import {
  type DurableServing,
  durableServerTools,
  durableTool,
  type InputNeeded,
  type ServerTool,
  type TaskCall,
} from '@tasked/server';
import { z } from 'zod';

const nothing = z.object({});
const sure = z.object({ confirm: z.boolean() });
const fine = z.object({ ok: z.boolean() });
const named = z.object({ name: z.string() });

const greetByName = durableTool({
  name: 'test_tool_with_task',
  description: 'Greets whom it asked for a name before its task began.',
  inputSchema: named.partial(),
  taskSupport: 'required',
  run: ({ name = 'nobody' }) => `Hello, ${name}!`,
});

/** The tools that the official suite expects, by the table of the suite's documentation. */
export const FIXTURE_TOOLS = [
  durableTool({
    name: 'greet',
    description: 'Greets.',
    inputSchema: named.partial(),
    taskSupport: 'forbidden',
    run: ({ name }) => `Hello, ${name}!`,
  }),
  durableTool({
    name: 'slow_compute',
    description: 'Takes a while.',
    inputSchema: z.object({ seconds: z.number().default(0), label: z.string().default('') }),
    async run({ seconds, label }, { signal }) {
      await elapsed(seconds * 1_000, undefined, { signal });
      return `done ${label}`;
    },
  }),
  durableTool({
    name: 'failing_job',
    description: 'Fails after a second.',
    inputSchema: nothing,
    taskSupport: 'required',
    async run(_args, { signal }) {
      await elapsed(1_000, undefined, { signal });
      throw new PermanentError('the job failed');
    },
  }),
  durableTool({
    name: 'protocol_error_job',
    description: 'Fails as a request.',
    inputSchema: nothing,
    run() {
      throw new ProtocolError(-32603, 'the job broke');
    },
  }),
  durableTool({
    name: 'confirm_delete',
    description: 'Asks whether it may.',
    inputSchema: z.object({ filename: z.string() }),
    async run({ filename }, ctx) {
      const question = { message: `Delete ${filename}?`, requestedSchema: sure };
      const { confirm } = await ctx.requireInput({ confirm: question });
      const isConfirmed = confirm.action === 'accept' && confirm.content?.confirm === true;
      return isConfirmed ? `Deleted ${filename}` : `Kept ${filename}`;
    },
  }),
  durableTool({
    name: 'multi_input',
    description: 'Asks two things at once.',
    inputSchema: nothing,
    async run(_args, ctx) {
      const answers = await ctx.requireInput({
        first: { message: 'First?', requestedSchema: fine },
        second: { message: 'Second?', requestedSchema: fine },
      });
      return JSON.stringify(answers);
    },
  }),
  greetByName,
];

/** Those tools as they are served; one asks before its task begins, which is the protocol's to do and not the tool's. */
export function fixtureTools(serving: DurableServing): readonly ServerTool[] {
  return durableServerTools(FIXTURE_TOOLS, serving).map((tool) =>
    tool.name === greetByName.name ? askingFirst(tool) : tool,
  );
}

function askingFirst(tool: ServerTool): ServerTool {
  return {
    ...tool,
    start: async (args: JsonObject, call: TaskCall) => {
      const answer = call.inputResponses.user_name as { readonly content?: JsonObject } | undefined;
      if (answer === undefined) return WHO;
      const start = tool.start as NonNullable<ServerTool['start']>;
      return await start({ ...args, name: answer.content?.name ?? 'nobody' }, call);
    },
  };
}

const WHO: InputNeeded = {
  kind: 'input',
  inputRequests: {
    user_name: {
      method: 'elicitation/create',
      params: {
        mode: 'form',
        message: 'Your name?',
        requestedSchema: {
          type: 'object',
          properties: { name: { type: 'string' } },
          required: ['name'],
        },
      },
    },
  },
};
