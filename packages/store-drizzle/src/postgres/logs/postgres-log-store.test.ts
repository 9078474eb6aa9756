import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { PostgresLogStore } from './postgres-log-store.ts';

const ATTEMPT = { flowId: 'f', taskId: 'a', fence: 1 };

it('a flush ends no sooner than the statement that writes what was appended before it', async () => {
  const statements: PromiseWithResolvers<readonly []>[] = [];
  const db = {
    query: () => {
      const statement = Promise.withResolvers<readonly []>();
      statements.push(statement);
      return statement.promise;
    },
    close: async () => {},
  } as unknown as Database;
  const logs = new PostgresLogStore({ db, maxBytes: 1_000, logger: undefined });
  const ended: string[] = [];
  logs.append(ATTEMPT, 'stdout', Buffer.from('one'));
  const first = logs.flush().then(() => ended.push('first'));
  logs.append(ATTEMPT, 'stdout', Buffer.from('two'));
  const second = logs.flush().then(() => ended.push('second'));
  await turn();
  expect(ended).toEqual([]);
  statements[0]?.resolve([]);
  await first;
  await turn();
  expect(ended).toEqual(['first']);
  statements[1]?.resolve([]);
  await second;
  expect(statements).toHaveLength(2);
  await logs.close();
});
