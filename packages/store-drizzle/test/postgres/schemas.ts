import { randomUUID } from 'node:crypto';
import type { LogStore, Store } from '@tasked/core';
import { inject, onTestFinished } from 'vitest';
import { openPostgresLogStore, openPostgresStore } from '../../src/postgres/index.ts';

const schemas = new WeakMap<object, string>();

/** The name of a schema that nobody has used. */
export function newSchema(): string {
  return `t_${randomUUID().replaceAll('-', '')}`;
}

/** Opens a store in a schema of the tests' database. */
export async function openIn(schema: string): Promise<Store> {
  const store = await openPostgresStore({ url: inject('postgresUrl'), schema });
  schemas.set(store, schema);
  return store;
}

/** Opens the logs in a schema of the tests' database, for the current test. */
export async function openLogsIn(schema: string): Promise<LogStore> {
  const logs = await openPostgresLogStore({ url: inject('postgresUrl'), schema });
  onTestFinished(() => logs.close());
  schemas.set(logs, schema);
  return logs;
}

/** The schema of what one of these opened. */
export function schemaOf(store: object): string {
  return schemas.get(store) as string;
}
