import type { SqliteInspection } from '@tasked/store-drizzle/sqlite';
import { type Check, fail, ok } from './check.ts';

const ELSEWHERE = 'choose another data directory: --data-dir DIR';

/** Whether the database can be used by this version. */
export function databaseCheck({ file, database }: SqliteInspection): Check {
  switch (database.kind) {
    case 'none':
      return ok('database', 'none yet, the first server or worker makes it');
    case 'foreign':
      return fail('database', `${file} belongs to another program`, ELSEWHERE);
    case 'unreadable':
      return fail(
        'database',
        `${file} ${database.reason}`,
        `restore it from a backup, or ${ELSEWHERE}`,
      );
    case 'ours':
      return schemaCheck(database);
  }
}

function schemaCheck({
  schema,
  known,
}: {
  readonly schema: number;
  readonly known: number;
}): Check {
  if (schema > known) {
    return fail(
      'database',
      `schema ${schema} of a newer version, this one knows ${known}`,
      `upgrade Tasked, or ${ELSEWHERE}`,
    );
  }
  if (schema === known) return ok('database', `schema ${schema}`);
  return ok('database', `schema ${schema}, brought to ${known} by the next server or worker`);
}
