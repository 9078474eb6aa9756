import type { TaskId } from '@tasked/core';
import { TaskedError } from '@tasked/core';
import type { RawAnswer } from '../raw-client.ts';
import { messagesIn, type Oddity } from '../raw-client.ts';
import { ANN, type ErrorBench } from './error-bench.ts';

const UNKNOWN = 't_AAAAAAAAAAAAAAAAAAAAAA';

/** Performs one row of the page. */
export type Perform = (bench: ErrorBench) => Promise<RawAnswer>;

const as = (odd: Oddity = {}): Oddity => ({ owner: ANN, ...odd });

/** A method of one task, in whichever state. */
const of =
  (
    method: string,
    state: (bench: ErrorBench) => Promise<unknown> | unknown,
    odd?: Oddity,
  ): Perform =>
  async (bench) => {
    const more = method === 'tasks/update' ? { inputResponses: {} } : {};
    return await bench.client.ask(method, { taskId: await state(bench), ...more }, as(odd));
  };

const never = () => UNKNOWN;
const foreign = (bench: ErrorBench) => bench.live('bob');
const over = async (bench: ErrorBench) => await bench.over(await bench.live());
const ended = (bench: ErrorBench) => bench.ended();
const live = (bench: ErrorBench) => bench.live();

const undeclared: Oddity = { capabilities: {} };

const decline = { action: 'decline' };

/** `tasks/update` of a task that waits for the input `sure`, which must change nothing. */
const update =
  (params: object, state = (bench: ErrorBench): Promise<TaskId> => bench.asking()): Perform =>
  async (bench) => {
    const taskId = await state(bench);
    const before = await bench.record(taskId);
    const answer = await bench.client.ask('tasks/update', { taskId, ...params }, as());
    if ((await bench.record(taskId)) !== before) throw new Error('it changed the task');
    return answer;
  };

/** A post of a message that answers a question; it must change nothing. */
const post =
  (message: (id: string) => object, owner = ANN, late = false): Perform =>
  async (bench) => {
    const taskId = await bench.asking();
    const id = await questionOf(bench, taskId);
    if (late) await bench.over(taskId);
    const before = await bench.record(taskId);
    const status = await bench.client.answer(message(id), owner);
    if ((await bench.record(taskId)) !== before) throw new Error('it changed the task');
    return { status, body: '', message: {} };
  };

/** The JSON-RPC id of the question that a task asks in the stream of its result. */
async function questionOf({ client, era }: ErrorBench, taskId: TaskId): Promise<string> {
  if (era === '2026-07-28') return 'tasked:t:c3VyZQ:none';
  const { body } = await client.open('tasks/result', { taskId }, as());
  const reader = (body as ReadableStream<Uint8Array>)
    .pipeThrough(new TextDecoderStream())
    .getReader();
  for (let text = ''; ; ) {
    const { value = '', done } = await reader.read();
    text += value;
    const [question] = messagesIn(text);
    if (done || question !== undefined) {
      await reader.cancel();
      return question?.id;
    }
  }
}

const call =
  (params: object, odd?: Oddity): Perform =>
  ({ client }) =>
    client.ask('tools/call', params, as(odd));

/** A call of a tool that is a task in either generation. */
const callAsTask =
  (params: object): Perform =>
  ({ client }) =>
    client.ask('tools/call', { task: {}, ...params }, as());

const failing =
  (error: Error): Perform =>
  async (bench) => {
    const taskId = await bench.live();
    bench.store.getTask = async () => {
      throw error;
    };
    return await bench.client.ask('tasks/get', { taskId }, as());
  };

/** How every row of the page is performed, by what it says in its first column. */
export const BAD_INPUTS: Readonly<Record<string, Perform>> = {
  'tasks/get of an id that never was': of('tasks/get', never),
  'tasks/get of what cannot be an id': of('tasks/get', () => '../etc/passwd'),
  'tasks/get of a task of somebody else': of('tasks/get', foreign),
  'tasks/get of a task that is over': of('tasks/get', over),
  'tasks/get without an id': ({ client }) => client.ask('tasks/get', {}, as()),
  'tasks/get with an id that is no text': of('tasks/get', () => 42),
  'tasks/get by a client that did not declare tasks': of('tasks/get', live, undeclared),
  'tasks/result of an id that never was': of('tasks/result', never),
  'tasks/result of a task of somebody else': of('tasks/result', foreign),
  'tasks/result of a task that is over': of('tasks/result', over),
  'tasks/result of a task that was cancelled': of('tasks/result', (bench) => bench.cancelled()),
  'tasks/result when too many calls are held': async (bench) =>
    await bench.clientThatMayNotWait.ask('tasks/result', { taskId: await bench.live() }, as()),
  'tasks/cancel of an id that never was': of('tasks/cancel', never),
  'tasks/cancel of a task of somebody else': of('tasks/cancel', foreign),
  'tasks/cancel of a task that is over': of('tasks/cancel', over),
  'tasks/cancel of a task that has ended': of('tasks/cancel', ended),
  'tasks/cancel by a client that did not declare tasks': of('tasks/cancel', live, undeclared),
  'tasks/list with a cursor that is none of ours': ({ client }) =>
    client.ask('tasks/list', { cursor: 'bm9uZQ' }, as()),
  'tasks/list with a cursor that is no text': ({ client }) =>
    client.ask('tasks/list', { cursor: 42 }, as()),
  'tasks/list by nobody in particular': ({ client }) => client.ask('tasks/list'),
  'tasks/update of an id that never was': of('tasks/update', never),
  'tasks/update of a task of somebody else': of('tasks/update', foreign),
  'tasks/update of a task that is over': of('tasks/update', over),
  'tasks/update of a task that has ended': of('tasks/update', ended),
  'tasks/update without inputResponses': update({}),
  'tasks/update with a response that is no object': update({ inputResponses: { sure: 42 } }),
  'tasks/update with a response of another kind than was asked': update({
    inputResponses: { sure: { roots: [] } },
  }),
  'tasks/update with a response that is too large': update({
    inputResponses: { sure: { action: 'accept', content: { text: 'x'.repeat(3_000) } } },
  }),
  'tasks/update with a key that was never asked': update({ inputResponses: { other: decline } }),
  'tasks/update with a key that was answered': update(
    { inputResponses: { sure: { action: 'cancel' } } },
    async (bench) => await bench.answered(await bench.asking()),
  ),
  'tasks/update by a client that did not declare tasks': of('tasks/update', live, undeclared),
  'an answer to a question that nobody asked': post((id) => ({
    id: id.replace(/.{43}$/, 'A'.repeat(43)),
    result: decline,
  })),
  'an answer to a question that somebody else was asked': post(
    (id) => ({ id, result: decline }),
    'bob',
  ),
  'an answer of another kind than was asked': post((id) => ({ id, result: { roots: [] } })),
  'an answer when the task is over': post((id) => ({ id, result: decline }), ANN, true),
  'tools/call of a tool that there is not': call({ name: 'nothing' }),
  'tools/call without a name': call({}),
  'tools/call with arguments that are a list': call({ name: 'free', arguments: [] }),
  'tools/call with arguments that are too large': callAsTask({
    name: 'job',
    arguments: { text: 'x'.repeat(3_000) },
  }),
  'tools/call when there are too many tasks': async (bench) => {
    for (let count = 0; count < 5; count++) await bench.live();
    return await callAsTask({ name: 'job' })(bench);
  },
  'tools/call that is to be held when too many are': ({ clientThatMayNotWait }) =>
    clientThatMayNotWait.ask('tools/call', { name: 'lost' }, as(undeclared)),
  'tools/call of a durable tool while the store does not answer': callAsTask({ name: 'lost' }),
  'tools/call of a tool that runs as a task only, plainly': call({ name: 'must' }, undeclared),
  'tools/call with task of a tool that does not run as a task': callAsTask({ name: 'free' }),
  'tools/call with a task.ttl below 0': call({ name: 'free', task: { ttl: -1 } }),
  'tools/call with a task that is no object': call({ name: 'free', task: true }),
  'tools/call with task where tasks are off': ({ clientWithoutTasks }) =>
    clientWithoutTasks.ask('tools/call', { name: 'free', task: {} }, as()),
  'tasks/get where tasks are off': ({ clientWithoutTasks }) =>
    clientWithoutTasks.ask('tasks/get', { taskId: UNKNOWN }, as()),
  'tasks/get while the store does not answer': failing(
    new TaskedError('unavailable', 'ECONNREFUSED db.internal:5432'),
  ),
  'tasks/get when something goes wrong inside': failing(new Error('disk I/O error at /var/lib')),
  'a method that there is not': ({ client }) => client.ask('tasks/nothing', {}, as()),
  'what is no JSON': ({ client }) => client.ask('ping', {}, as({ body: '{"jsonrpc"' })),
  'what is larger than the server takes': ({ client }) =>
    client.ask('ping', {}, as({ body: ' '.repeat(10_001) })),
  'a header Mcp-Name that is not that of the task': of('tasks/get', live, {
    headers: { 'mcp-name': UNKNOWN },
  }),
};
