import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { until } from '../until.ts';
import { ExtTasksClient, textOf } from './ext-tasks-client.ts';
import { FixtureServer, type Way } from './fixture-server.ts';
import { Sdk1Client } from './sdk-1-client.ts';
import { expectSpoken } from './wire-oracle.ts';

const yes = { action: 'accept', content: { ok: true } } as const;
const no = { action: 'decline' } as const;

/** Every process signs questions alike, so that answers to those of a dead one count. */
const common = ['--owner', 'ann', '--secret', 'known to all processes of the test'];

const sqlite = () => ['--store', 'sqlite', ...common];
const postgres = () => {
  const schema = `crash_${randomUUID().replaceAll('-', '')}`;
  return ['--store', 'postgres', '--url', inject('postgresUrl'), '--schema', schema, ...common];
};

const PLACES: readonly { way: Way; store: string; args: () => readonly string[] }[] = [
  { way: 'http', store: 'SQLite', args: sqlite },
  { way: 'stdio', store: 'SQLite', args: sqlite },
  { way: 'http', store: 'PostgreSQL', args: postgres },
];

describe.each(PLACES)(
  'a server over $way, on $store, that is killed',
  { timeout: 60_000 },
  ({ way, args }) => {
    /** Kills the server; over stdio its client goes with it, and another one comes. */
    async function kill<Client extends Sdk1Client | ExtTasksClient>(
      client: Client,
      fixture: FixtureServer,
      connect: () => Promise<Client>,
    ): Promise<Client> {
      if (way === 'stdio') {
        process.kill(client.pid, 'SIGKILL');
        await client.close();
        return await connect();
      }
      await fixture.killAndRestart();
      return client;
    }

    function newFixture(): FixtureServer {
      const fixture = new FixtureServer(args());
      onTestFinished(() => fixture.close());
      return fixture;
    }

    it('goes on with the tasks of a client of 2025-11-25, and asks for what is not answered', async () => {
      const fixture = newFixture();
      const connect = () => Sdk1Client.connect(way, fixture);
      const before = await connect();
      const working = await before.start('slow_compute', { seconds: 1, label: 'again' });
      const waiting = await before.start('multi_input');
      const { promise: unanswered } = Promise.withResolvers<never>();
      const { promise: mayAnswer, resolve: answerNow } = Promise.withResolvers<typeof yes>();
      before.answer = ({ message }) => (message === 'First?' ? mayAnswer : unanswered);
      // It breaks off when the server dies.
      const broken = before.result(waiting).catch(() => 'broken');
      await until(() => before.asked(waiting).length === 2);
      const [toFirst] = before.asked(waiting).filter(({ params }) => params.message === 'First?');
      const changedAt = async () => (await before.tasks.getTask(waiting)).lastUpdatedAt;
      const askedAt = await changedAt();
      await until(() => Date.now() > Date.parse(askedAt));
      answerNow(yes);
      await until(async () => (await changedAt()) !== askedAt);

      const after = await kill(before, fixture, connect);
      onTestFinished(() => after.close());
      const known = after.asked(waiting).length;
      after.answer = ({ message }) => (message === 'First?' ? no : yes);
      const result = after.result(waiting);
      await after.transport.send({ jsonrpc: '2.0', id: toFirst?.id, result: no });
      expect(JSON.parse(await result)).toEqual({ first: yes, second: yes });
      const asked = after.asked(waiting).slice(known);
      expect(asked.map(({ params }) => params.message)).toEqual(['Second?']);
      expect(await after.result(working)).toBe('done again');
      if (way === 'stdio') expect(await broken).toBe('broken');
      const questions = before.journal.filter(({ message }) => message.id === toFirst?.id);
      expectSpoken('legacy', before.journal);
      expectSpoken('legacy', [...questions, ...after.journal]);
    });

    it('goes on with the tasks of a client of 2026-07-28, and wants no answer twice', async () => {
      const fixture = newFixture();
      const connect = () => ExtTasksClient.connect(way, fixture);
      const before = await connect();
      const working = await before.start('slow_compute', { seconds: 1, label: 'again' });
      const waiting = await before.start('multi_input');
      await before.session.task(waiting).update({ first: yes });

      const after = await kill(before, fixture, connect);
      onTestFinished(() => after.close());
      const task = after.session.task(waiting);
      const { status, raw } = await task.snapshot();
      expect(status).toBe('input_required');
      expect(Object.keys(raw.inputRequests as object)).toEqual(['second']);
      await task.update({ first: no });
      await task.update({ second: yes });
      const results = [await task.result(), await after.session.task(working).result()];
      const texts = results.map(
        (outcome) => outcome.status === 'completed' && textOf(outcome.result),
      );
      expect(JSON.parse(String(texts[0]))).toEqual({ first: yes, second: yes });
      expect(texts[1]).toBe('done again');
      for (const client of new Set([before, after])) expectSpoken('modern', client.journal);
    });
  },
);
