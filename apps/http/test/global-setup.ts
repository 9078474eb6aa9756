// One PostgreSQL for all tests of the package, as those of the store have it.
export { setup } from '../../../packages/store-drizzle/test/global-setup.ts';
