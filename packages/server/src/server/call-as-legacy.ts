import { ProtocolError, ProtocolErrorCode, type Result } from '@modelcontextprotocol/server';
import { RPC_CODES } from '../wire/rpc-error.ts';
import type { TaskWire } from '../wire/task-wire.ts';
import { toLegacyTask } from '../wire/to-legacy-task.ts';
import type { CheckedCall } from './call-tool.ts';
import { isInputNeeded, type ServerTool, type StartedCall } from './server-tool.ts';

/** Text for the model while its client waits (2025-11-25, Tasks). */
const IMMEDIATE_RESPONSE = 'io.modelcontextprotocol/model-immediate-response';

/** Answers a call of protocol 2025-11-25 and before, where the client decides whether it is a task. */
export async function callAsLegacy(checked: CheckedCall, tasks: TaskWire | null): Promise<Result> {
  const { tool, args, call, isTask } = checked;
  // A server that did not declare tasks ignores that one was asked for (2025-11-25, Tasks, "Capability Negotiation").
  if (tasks === null) return await plain(checked);
  if (!isTask) {
    if (tool.taskSupport === 'required')
      throw refusedFor(tool, 'it runs as a task only: call it as one');
    return await plain(checked);
  }
  if (tool.start === undefined || tool.taskSupport === 'forbidden') {
    throw refusedFor(tool, 'it does not run as a task: call it without');
  }
  const started = await tool.start(args, call);
  if (started.kind !== 'task') throw noTask(tool, started);
  const task = toLegacyTask(await tasks.source.get(call.owner, started.taskId));
  const said = [started.note, task.statusMessage].filter((part) => part !== undefined).join(': ');
  const text = `${tool.name} runs as task ${task.taskId}${said === '' ? '' : `: ${said}`}`;
  return { task, _meta: { [IMMEDIATE_RESPONSE]: text } };
}

async function plain({ tool, args, call }: CheckedCall): Promise<Result> {
  const answer = await tool.call(args, call);
  if (isInputNeeded(answer))
    throw refusedFor(tool, 'it has to ask first, which this protocol version cannot');
  return answer;
}

function refusedFor({ name }: ServerTool, why: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.MethodNotFound, `${name}: ${why}`);
}

/** What was to be a task is none: the only way to say so is an error. */
function noTask(tool: ServerTool, started: Exclude<StartedCall, { kind: 'task' }>): ProtocolError {
  if (isInputNeeded(started))
    return refusedFor(tool, 'it has to ask first: call it without a task');
  const { code = 'invalid_input', result } = started;
  const { isError, content, structuredContent } = result;
  const [first] = content as readonly { readonly text?: string }[];
  const message =
    isError === true
      ? `${tool.name} could not begin: ${first?.text ?? ''}`
      : `${tool.name} was answered at once, and is no task: call it without`;
  return new ProtocolError(RPC_CODES[code], message, structuredContent);
}
