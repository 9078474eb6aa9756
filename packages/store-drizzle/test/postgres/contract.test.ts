import { logStoreContract, storeContract } from '@tasked/store-testkit';
import { emptySchema, openIn, openLogsIn, schemaOf } from './schemas.ts';

storeContract({
  name: 'PostgresStore',
  open: async () => openIn(await emptySchema()),
  reopen: (closed) => openIn(schemaOf(closed)),
  openSecond: (open) => openIn(schemaOf(open)),
});

logStoreContract({
  name: 'PostgresLogStore',
  open: async () => openLogsIn(await emptySchema()),
  openSecond: (open) => openLogsIn(schemaOf(open)),
});
