export { freePort } from './free-port.ts';
export { setup } from './setup.ts';
export { type StartedPostgres, startPostgres } from './start-postgres.ts';
