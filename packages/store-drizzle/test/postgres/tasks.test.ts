import type { Store } from '@tasked/core';
import { type TaskStoreSubject, taskStoreContract } from '@tasked/store-testkit';
import { tasksSuite } from '@tasked/store-testkit/model';
import { emptySchema, openIn, schemaOf } from './schemas.ts';

const postgresTasks: TaskStoreSubject<Store> = {
  name: 'PostgresStore',
  open: async () => openIn(await emptySchema()),
  close: (store) => store.close(),
  reopen: (closed) => openIn(schemaOf(closed)),
  openSecond: (open) => openIn(schemaOf(open)),
};

taskStoreContract(postgresTasks);
tasksSuite(postgresTasks, { runs: 100 });
