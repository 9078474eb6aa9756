import type { Store } from '@tasked/core';
import { type TaskStoreSubject, taskStoreContract } from '@tasked/store-testkit';
import { tasksSuite } from '@tasked/store-testkit/model';
import { newSchema, openIn, schemaOf } from './schemas.ts';

const postgresTasks: TaskStoreSubject<Store> = {
  name: 'PostgresStore',
  open: () => openIn(newSchema()),
  close: (store) => store.close(),
  reopen: (closed) => openIn(schemaOf(closed)),
  openSecond: (open) => openIn(schemaOf(open)),
};

taskStoreContract(postgresTasks);
tasksSuite(postgresTasks, { runs: 100 });
