import { logStoreContract, storeContract } from '@tasked/store-testkit';
import { newSchema, openIn, openLogsIn, schemaOf } from './schemas.ts';

storeContract({
  name: 'PostgresStore',
  open: () => openIn(newSchema()),
  reopen: (closed) => openIn(schemaOf(closed)),
  openSecond: (open) => openIn(schemaOf(open)),
});

logStoreContract({
  name: 'PostgresLogStore',
  open: () => openLogsIn(newSchema()),
  openSecond: (open) => openLogsIn(schemaOf(open)),
});
