import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../packages/server/test/until.ts';
import { AnalysisServer } from './analysis-server.ts';
import { LASTING, type Place } from './stores.ts';

const ERAS = ['2025-11-25', '2026-07-28'] as const;

/** Every one in its era. */
type OfEras = Readonly<Record<(typeof ERAS)[number], string>>;

async function ofEras(start: (era: (typeof ERAS)[number]) => Promise<string>): Promise<OfEras> {
  const ids = await Promise.all(ERAS.map(async (era) => [era, await start(era)] as const));
  return Object.fromEntries(ids) as OfEras;
}

const FORM = { message: 'Which colours for the map of rivers?' };

describe.each(LASTING)('a server on $name that is killed in chunk 6 of 10', ({ newPlace }) => {
  let place: Place;
  let server: AnalysisServer;
  let analyses: OfEras;
  let maps: OfEras;

  beforeAll(async () => {
    place = await newPlace();
    const first = await AnalysisServer.start({ store: place.store });
    maps = await ofEras((era) => first.client(era).start('render_map', { dataset: 'rivers' }));
    for (const era of ERAS) await first.isIn(maps[era], 'waiting');
    const args = { dataset: 'rivers', chunk_ms: 700 };
    analyses = await ofEras((era) => first.client(era).start('analyze_dataset', args));
    await Promise.all(ERAS.map((era) => first.logs(analyses[era], 'chunk 6 of 10')));
    await first.kill();
    server = await first.again();
  }, 60_000);

  afterAll(async () => {
    await server.kill();
    await place.remove();
  });

  it.each(ERAS)(
    'goes on with that chunk, and a client of %s has its result by the same id',
    async (era) => {
      const client = server.client(era);
      const taskId = analyses[era];
      await until(async () => (await client.status(taskId)).status === 'completed');
      const { structuredContent, _meta } = await client.result(taskId);
      expect(structuredContent).toEqual({
        dataset: 'rivers',
        rows: 10_000,
        mean: 4_999.5,
        largest: 9_999,
        resumed_after: 5,
        attempt: 2,
      });
      expect(_meta).toMatchObject({ task: { id: taskId } });
    },
  );

  it('still shows the form to a client of 2026-07-28, whose answer counts once', async () => {
    const client = server.client('2026-07-28');
    const taskId = maps['2026-07-28'];
    const { status, inputRequests } = await client.status(taskId);
    expect(status).toBe('input_required');
    expect(inputRequests).toMatchObject({
      colours: { method: 'elicitation/create', params: FORM },
    });
    for (const palette of ['warm', 'cold']) {
      const colours = { action: 'accept', content: { palette } };
      await client.call('tasks/update', { taskId, inputResponses: { colours } });
    }
    await until(async () => (await client.status(taskId)).status === 'completed');
    const { structuredContent } = await client.result(taskId);
    expect(structuredContent).toMatchObject({ palette: 'warm' });
  });

  it('still shows the form to a client without tasks, whose answer counts once', async () => {
    const flow_id = maps['2025-11-25'];
    const { inputs } = await server.tool('tasked_provide_input', { flow_id });
    expect(inputs).toMatchObject([{ key: 'colours', ...FORM }]);
    const give = (palette: string) =>
      server.tool('tasked_provide_input', { flow_id, answers: { colours: { palette } } });
    expect(await give('cold')).toMatchObject({ accepted: ['colours'] });
    expect(await give('warm')).toMatchObject({ refused: [{ key: 'colours', why: 'answered' }] });
    const { structuredContent } = await server.client().result(flow_id);
    expect(structuredContent).toMatchObject({ palette: 'cold' });
  });
});
