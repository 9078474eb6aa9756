import { taskStoreContract } from '@tasked/store-testkit';
import { newSchema, openIn, schemaOf } from './schemas.ts';

taskStoreContract({
  name: 'PostgresStore',
  open: () => openIn(newSchema()),
  close: (store) => store.close(),
  reopen: (closed) => openIn(schemaOf(closed)),
  openSecond: (open) => openIn(schemaOf(open)),
});
