import type { Store } from '@tasked/core';
import { openPostgresStore } from '../../src/postgres/index.ts';
import { openSqliteStore } from '../../src/sqlite/index.ts';
import type { Commands, Message, Request } from './messages.ts';
import { saturate } from './saturate.ts';

/* The other end of StoreProcess: opens a store and does with it what its parent says. */

let opened: Store | undefined;

function store(): Store {
  if (opened === undefined) throw new Error('the store is not open yet');
  return opened;
}

const own: Partial<Commands> = {
  async open(place) {
    opened =
      typeof place === 'string'
        ? await openSqliteStore({ dataDir: place })
        : await openPostgresStore(place);
  },
  async listen() {
    store().subscribe(() => send({ kind: 'hint' }));
  },
  saturate: (runnerId, flowIds) => saturate(store(), runnerId, flowIds),
};

process.on('message', ({ call, command, args }: Request) => {
  run(command, args).then(
    (value) => send({ kind: 'value', call, value }),
    (error: unknown) => send({ kind: 'error', call, error: String(error) }),
  );
});

async function run(command: keyof Commands, args: readonly unknown[]): Promise<unknown> {
  const target = command in own ? own : store();
  return Reflect.apply(Reflect.get(target, command), target, args);
}

function send(message: Message): void {
  process.send?.(message);
}
