import { Tasks } from '@tasked/core';
import { MemoryTaskStore } from '@tasked/store-memory';
import { FakeClock } from '@tasked/store-testkit';
import { expect, it } from 'vitest';
import { createToolServer, ownerOf, StandaloneTasks, serveToolsOverHttp } from '../src/index.ts';
import { messagesIn, RawClient } from './raw-client.ts';
import { until } from './workbench.ts';

it('a client of 2025-11-25 that waits for a result hears meanwhile how the task goes', async () => {
  const clock = new FakeClock();
  const tasks = new Tasks(new MemoryTaskStore(), { clock });
  const quiet = () => {};
  const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const source = new StandaloneTasks(tasks, clock);
  const info = { name: 'progress', version: '1' };
  const server = createToolServer({ info, tools: [], tasks: { source }, owner: ownerOf, logger });
  const client = new RawClient(serveToolsOverHttp(server, { logger }), '2025-11-25');
  const { id } = await tasks.create('ann', { method: 'tools/call' });
  const params = { taskId: id, _meta: { progressToken: 'how far' } };
  const { body } = await client.open('tasks/result', params, { owner: 'ann' });
  const reader = (body as ReadableStream<Uint8Array>)
    .pipeThrough(new TextDecoderStream())
    .getReader();
  let text = '';
  const read = async () => {
    const { value = '', done } = await reader.read();
    text += value;
    return done;
  };

  await tasks.update('ann', id, { statusMessage: 'half done' });
  let heard = false;
  const first = read().then(() => {
    heard = true;
  });
  await until(async () => {
    await clock.advance(500);
    return heard;
  });
  await first;
  await tasks.complete('ann', id, { content: [] });
  while (!(await read()));

  const messages = messagesIn(text);
  const reports = messages.filter(({ method }) => method === 'notifications/progress');
  expect(reports[0]?.params).toEqual({
    progressToken: 'how far',
    progress: 1,
    message: 'half done',
  });
  const steps = reports.map((report) => report.params.progress);
  expect(steps).toEqual([...new Set(steps)].toSorted((one, other) => one - other));
  expect(messages.at(-1)).toMatchObject({ id: 1, result: { content: [] } });
});
