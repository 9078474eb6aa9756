import { storeContract } from '@tasked/store-testkit';
import { newSchema, openIn, schemaOf } from './schemas.ts';

storeContract({
  name: 'PostgresStore',
  open: () => openIn(newSchema()),
  reopen: (closed) => openIn(schemaOf(closed)),
  openSecond: (open) => openIn(schemaOf(open)),
});
