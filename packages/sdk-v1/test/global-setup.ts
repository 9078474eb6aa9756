export { setup } from '../../store-drizzle/test/global-setup.ts';
