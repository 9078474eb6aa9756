import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnalysisServer } from './analysis-server.ts';
import { LASTING, type Place } from './stores.ts';

describe.each(LASTING)('two servers on one $name, each with a tool', ({ newPlace }) => {
  let place: Place;
  let maps: AnalysisServer;
  let analyses: AnalysisServer;

  beforeAll(async () => {
    place = await newPlace();
    const { store } = place;
    maps = await AnalysisServer.start({ store, tools: 'render_map' });
    analyses = await AnalysisServer.start({ store, tools: 'analyze_dataset' });
  }, 60_000);

  afterAll(async () => {
    await Promise.all([maps.kill(), analyses.kill()]);
    await place.remove();
  });

  it('a tool runs only where it is: without its process its run waits, and the other one works on', async () => {
    const analysis = await analyses.client().start('analyze_dataset', {
      dataset: 'rivers',
      chunk_ms: 400,
    });
    await analyses.logs(analysis, 'chunk 2 of 10');
    await analyses.kill();
    // The other one takes over what was left, and does not run it.
    await maps.isIn(analysis, 'ready');
    const map = await maps.client().start('render_map', { dataset: 'rivers' });
    await maps.isIn(map, 'waiting');
    const answers = { colours: { palette: 'warm' } };
    await maps.tool('tasked_provide_input', { flow_id: map, answers });
    expect((await maps.client().result(map)).structuredContent).toMatchObject({ palette: 'warm' });
    await maps.isIn(analysis, 'ready');
    analyses = await analyses.again();
    expect((await analyses.client().result(analysis)).structuredContent).toMatchObject({
      rows: 10_000,
      attempt: 2,
    });
  }, 90_000);

  it('a cancel in one reaches the run in the other within a second', async () => {
    const analysis = await analyses.client().start('analyze_dataset', {
      dataset: 'rivers',
      chunk_ms: 60_000,
    });
    await analyses.logs(analysis, 'chunk 1 of 10');
    const at = Date.now();
    await maps.tool('tasked_cancel_flow', { flow_id: analysis });
    await analyses.logs(analysis, 'told to stop');
    const [, told] = /told to stop at (\d+)/.exec(await analyses.log(analysis)) ?? [];
    expect(Number(told) - at).toBeLessThan(1_000);
  }, 60_000);
});
