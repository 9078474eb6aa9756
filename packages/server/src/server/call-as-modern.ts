import type { CallToolResult, Result } from '@modelcontextprotocol/server';
import type { TaskWire } from '../wire/task-wire.ts';
import { declaresTasks, missingTasksExtension } from '../wire/tasks-extension.ts';
import { toModernTask } from '../wire/to-modern-task.ts';
import type { CheckedCall } from './call-tool.ts';
import { isAnsweredAtOnce, isInputNeeded, type StartedCall } from './server-tool.ts';

/**
 * Answers a call of protocol 2026-07-28, where the server decides: it is a task when the tool can be one and the
 * client declared the extension.
 */
export async function callAsModern(checked: CheckedCall, tasks: TaskWire | null): Promise<Result> {
  const { tool, args, call, context } = checked;
  if (tasks === null || tool.start === undefined || tool.taskSupport === 'forbidden') {
    return answered(await tool.call(args, call));
  }
  if (!declaresTasks(context)) {
    if (tool.taskSupport === 'required') throw missingTasksExtension();
    return answered(await tool.call(args, call));
  }
  const started = await tool.start(args, call);
  if (started.kind !== 'task') return answered(started);
  const view = await tasks.source.get(call.owner, started.taskId);
  const task = toModernTask(view);
  const { note } = started;
  if (note === undefined) return { resultType: 'task', ...task };
  return {
    resultType: 'task',
    ...task,
    statusMessage: `${note}: ${task.statusMessage ?? task.status}`,
  };
}

function answered(answer: CallToolResult | Exclude<StartedCall, { kind: 'task' }>): Result {
  if (isInputNeeded(answer)) {
    return { resultType: 'input_required', inputRequests: answer.inputRequests };
  }
  return isAnsweredAtOnce(answer) ? answer.result : answer;
}
