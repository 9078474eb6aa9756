// One PostgreSQL for all tests, as those of the store have it.
export { setup } from '../../../packages/store-drizzle/test/global-setup.ts';
