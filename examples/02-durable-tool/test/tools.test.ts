import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../packages/server/test/until.ts';
import { AnalysisServer } from './analysis-server.ts';
import { type Place, STORES } from './stores.ts';

const LONG = { dataset: 'rivers', chunk_ms: 60_000 };

describe.each(STORES)('the example on $name', ({ newPlace }) => {
  let place: Place;
  let server: AnalysisServer;

  beforeAll(async () => {
    place = await newPlace();
    server = await AnalysisServer.start({ store: place.store });
  }, 60_000);

  afterAll(async () => {
    await server.kill();
    await place.remove();
  });

  it('answers a call with the result', async () => {
    const { result } = await server.client().call('tools/call', { name: 'list_datasets' });
    expect(result.content[0].text).toContain('rivers');
    expect(await server.tool('analyze_dataset', { dataset: 'lakes', chunk_ms: 1 })).toMatchObject({
      dataset: 'lakes',
      rows: 10_000,
      resumed_after: 0,
      attempt: 1,
    });
  });

  it('tries a failed attempt again, which goes on where the first one failed', async () => {
    const args = { dataset: 'flaky-rivers', chunk_ms: 1 };
    expect(await server.tool('analyze_dataset', args)).toMatchObject({
      rows: 10_000,
      mean: 4_999.5,
      resumed_after: 5,
      attempt: 2,
    });
  });

  it('lets only those run an analysis who may', async () => {
    const params = { name: 'analyze_dataset', arguments: { dataset: 'rivers' } };
    const { result } = await server.client('2025-11-25', 'token-of-bob').call('tools/call', params);
    expect(result.isError).toBe(true);
    expect(JSON.parse(result.content[0].text).error).toMatchObject({
      code: 'forbidden',
      missing_scopes: ['analysis:run'],
    });
  });

  /** When a run was told to stop, by its log. */
  async function toldAt(taskId: string): Promise<number> {
    await server.logs(taskId, 'told to stop');
    const [, at] = /told to stop at (\d+)/.exec(await server.log(taskId)) ?? [];
    return Number(at);
  }

  it('a cancel by the tool, or of either generation, reaches the run within a second', async () => {
    const [legacy, modern] = [server.client('2025-11-25'), server.client('2026-07-28')];
    const cancels = {
      tool: (flow_id: string) => server.tool('tasked_cancel_flow', { flow_id }),
      legacy: (taskId: string) => legacy.call('tasks/cancel', { taskId }),
      modern: (taskId: string) => modern.call('tasks/cancel', { taskId }),
    };
    for (const [way, cancel] of Object.entries(cancels)) {
      const taskId = await legacy.start('analyze_dataset', LONG);
      await server.logs(taskId, 'chunk 1 of 10');
      const at = Date.now();
      await cancel(taskId);
      expect((await toldAt(taskId)) - at, way).toBeLessThan(1_000);
      expect(await modern.status(taskId), way).toMatchObject({ status: 'cancelled' });
    }
  });

  it('a client that goes away cancels nothing', async () => {
    const legacy = server.client();
    const newest = async (): Promise<string | undefined> => {
      const { result } = await legacy.call('tasks/list', {});
      return result.tasks[0]?.taskId;
    };
    const before = await newest();
    const leaving = new AbortController();
    const answer = server.client('2025-11-25', 'token-of-ann', leaving.signal).call('tools/call', {
      name: 'analyze_dataset',
      arguments: LONG,
    });
    answer.catch(() => {});
    await until(async () => (await newest()) !== before);
    const taskId = (await newest()) ?? '';
    await server.logs(taskId, 'chunk 1 of 10');
    leaving.abort();
    await expect(answer).rejects.toThrow();
    // Another run is cancelled after that and told so; this one is not.
    const other = await legacy.start('analyze_dataset', LONG);
    await server.logs(other, 'chunk 1 of 10');
    await legacy.call('tasks/cancel', { taskId: other });
    await toldAt(other);
    expect(await legacy.status(taskId)).toMatchObject({ status: 'working' });
    expect(await server.log(taskId)).not.toContain('told to stop');
  });
});
