import { describe, expect, it } from 'vitest';
import { fails, untilStopped, Workbench } from './workbench.ts';

/** What a text costs a model, about. */
const tokens = (answer: unknown) => JSON.stringify(answer).length / 4;

describe('the size of answers', () => {
  it('all tools together cost a model at most 4,000 tokens', async () => {
    const { client } = await new Workbench().client();
    expect(tokens(await client.listTools())).toBeLessThanOrEqual(4_000);
  });

  it.each([
    ['running', { build: untilStopped }],
    ['failed', { build: fails }],
    ['succeeded', {}],
  ])('a status of a %s flow costs at most 150 tokens', async (state, scripts) => {
    const bench = new Workbench(scripts);
    const client = await bench.client();
    const printed = { stdout: 'all is well\n', stderr: '', exit_code: 0 };
    const flow_id = await bench.submit([
      { id: 'lint', input: printed },
      { id: 'build', input: printed },
      { id: 'deploy', input: printed, depends_on: ['lint', 'build'] },
    ]);
    await bench.runner.start();
    await bench.isIn(flow_id, 'lint', 'succeeded');
    await bench.isIn(flow_id, 'build', state as 'running');
    if (state !== 'running') await bench.run([{ id: 'later' }]);
    const status = await client.call('tasked_flow_status', { flow_id });
    expect(status.state).toBe(state);
    expect(status.tasks).toHaveLength(3);
    expect(tokens(status)).toBeLessThanOrEqual(150);
  });

  it.each([
    ['before it starts', false],
    ['when it has ended', true],
  ])('pages of a flow of 10,000 tasks are small and show every task once, %s', async (_, runs) => {
    const bench = new Workbench();
    const client = await bench.client();
    const tasks = Array.from({ length: 10_000 }, (_each, index) => ({
      id: `task-number-${index}`,
      input: 'x'.repeat(index % 50 === 0 ? 5_000 : 20),
    }));
    const flow_id = runs ? await bench.run(tasks) : await bench.submit(tasks);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const more = cursor === undefined ? {} : { cursor };
      const page = await client.call('tasked_flow_status', { flow_id, ...more });
      expect(JSON.stringify(page).length).toBeLessThanOrEqual(8_000);
      seen.push(...page.tasks.map((task: { id: string }) => task.id));
      expect(page.tasks_omitted ?? 0).toBe(10_000 - seen.length);
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(tasks.map(({ id }) => id));
  });
});
