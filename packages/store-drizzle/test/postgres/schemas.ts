import { randomUUID } from 'node:crypto';
import type { Store } from '@tasked/core';
import { inject } from 'vitest';
import { openPostgresStore } from '../../src/postgres/index.ts';

const schemas = new WeakMap<Store, string>();

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

/** The schema of a store that `openIn` opened. */
export function schemaOf(store: Store): string {
  return schemas.get(store) as string;
}
