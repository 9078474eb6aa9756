import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../until.ts';
import { ExtTasksClient, textOf } from './ext-tasks-client.ts';
import { FixtureServer } from './fixture-server.ts';
import { Sdk1Client } from './sdk-1-client.ts';
import { expectSpoken } from './wire-oracle.ts';

const yes = { action: 'accept', content: { ok: true } } as const;
const no = { action: 'decline' } as const;

function newFixture(): FixtureServer {
  const fixture = new FixtureServer(['--tasks', 'durable', '--store', 'sqlite', '--owner', 'ann']);
  onTestFinished(() => fixture.close());
  return fixture;
}

describe('durable tools of a server that is killed, by the same ids', () => {
  it('go on for the client of SDK 1.x, and ask again', async () => {
    const fixture = newFixture();
    const sdk = await Sdk1Client.connect('http', fixture);
    onTestFinished(() => sdk.close());
    const working = await sdk.start('slow_compute', { seconds: 1, label: 'again' });
    const waiting = await sdk.start('multi_input');
    const { promise: unanswered } = Promise.withResolvers<never>();
    sdk.answer = () => unanswered;
    const broken = sdk.result(waiting).catch(() => 'broken');
    await until(() => sdk.asked(waiting).length === 2);
    await fixture.killAndRestart();
    sdk.answer = ({ message }) => (message === 'First?' ? no : yes);
    expect(JSON.parse(await sdk.result(waiting))).toEqual({ first: no, second: yes });
    expect(await sdk.result(working)).toBe('done again');
    expectSpoken('legacy', sdk.journal);
    await sdk.close();
    await broken;
  });

  it('go on for the client of ext-tasks, which has answered a part', async () => {
    const fixture = newFixture();
    const ext = await ExtTasksClient.connect('http', fixture);
    onTestFinished(() => ext.close());
    const working = await ext.start('slow_compute', { seconds: 1, label: 'again' });
    const waiting = await ext.start('multi_input');
    const task = ext.session.task(waiting);
    await until(async () => (await task.snapshot()).status === 'input_required');
    await task.update({ first: yes });
    await fixture.killAndRestart();
    const { raw } = await task.snapshot();
    expect(Object.keys(raw.inputRequests as object)).toEqual(['second']);
    await task.update({ first: no });
    await task.update({ second: yes });
    const results = [await task.result(), await ext.session.task(working).result()];
    const texts = results.map(
      (outcome) => outcome.status === 'completed' && textOf(outcome.result),
    );
    expect(JSON.parse(String(texts[0]))).toEqual({ first: yes, second: yes });
    expect(texts[1]).toBe('done again');
    expectSpoken('modern', ext.journal);
  });
});
