import type { Sql } from 'postgres';
import { expect, it } from 'vitest';
import { Client } from './client.ts';

const answerMs = 60_000;

/** Makes connections that are told apart by their number, and tells which were ended. */
function connections() {
  const ended: number[] = [];
  let made = 0;
  const connect = () => {
    const number = ++made;
    return { number, end: async () => void ended.push(number) } as unknown as Sql;
  };
  return { connect, ended };
}

const numberOf = (sql: Sql) => (sql as unknown as { number: number }).number;

it('calls one after the other use one connection', async () => {
  const client = new Client({ ...connections(), size: 4, answerMs });
  const used: number[] = [];
  for (let call = 0; call < 3; call++) used.push(await client.run(async (sql) => numberOf(sql)));
  expect(used).toEqual([1, 1, 1]);
});

it('calls at once have connections of their own, up to the size, and then share', async () => {
  const client = new Client({ ...connections(), size: 2, answerMs });
  const ends = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const used = ends.map(({ promise }) => client.run((sql) => promise.then(() => numberOf(sql))));
  for (const { resolve } of ends) resolve();
  expect(await Promise.all(used)).toEqual([1, 2, 1, 2]);
});

it('calls from the front and calls from the back keep to their own connections while there are enough', async () => {
  const client = new Client({ ...connections(), size: 3, answerMs });
  const numbers = (end: 'front' | 'back', count: number) =>
    Promise.all(
      Array.from({ length: count }, () =>
        client.run(async (sql) => {
          await Promise.resolve();
          return numberOf(sql);
        }, end),
      ),
    );
  expect(await numbers('front', 2)).toEqual([1, 2]);
  expect(await numbers('back', 1)).toEqual([3]);
  const both = await Promise.all([numbers('back', 1), numbers('front', 2), numbers('back', 1)]);
  expect(both).toEqual([[3], [1, 2], [3]]);
});

it('the first that is free is taken', async () => {
  const client = new Client({ ...connections(), size: 3, answerMs });
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  const calls = [client.run(() => first.promise), client.run(() => second.promise)];
  first.resolve();
  await calls[0];
  expect(await client.run(async (sql) => numberOf(sql))).toBe(1);
  second.resolve();
  await calls[1];
});

it('at the end all connections are ended, once what is under way has ended', async () => {
  const { connect, ended } = connections();
  const client = new Client({ connect, size: 2, answerMs });
  const work = Promise.withResolvers<void>();
  const calls = [client.run(() => work.promise), client.run(() => work.promise)];
  const end = client.end();
  expect(ended).toEqual([]);
  work.resolve();
  await Promise.all([...calls, end]);
  expect(ended.toSorted()).toEqual([1, 2]);
});

it('a connection that does not answer in time is given up for a new one', async () => {
  const { connect, ended } = connections();
  const client = new Client({ connect, size: 1, answerMs: 1 });
  const silent = Promise.withResolvers<void>();
  const call = client.run(() => silent.promise);
  await expect.poll(() => ended).toEqual([1]);
  silent.reject(new Error('connection closed'));
  await expect(call).rejects.toThrow('connection closed');
  expect(await client.run(async (sql) => numberOf(sql))).toBe(2);
});

it.each([
  ['lost', 'CONNECTION_CLOSED', 2],
  ['not made in time', 'CONNECT_TIMEOUT', 2],
  ['ended by the server', '57P01', 2],
  ['fine, and refused a statement', '23505', 1],
])('a connection that was %s (%s) is used by the next call as number %d', async (_, code, next) => {
  const { connect, ended } = connections();
  const client = new Client({ connect, size: 1, answerMs });
  const error = Object.assign(new Error('no'), { code });
  await expect(client.run(() => Promise.reject(error))).rejects.toBe(error);
  expect(ended).toEqual(next === 1 ? [] : [1]);
  expect(await client.run(async (sql) => numberOf(sql))).toBe(next);
});
