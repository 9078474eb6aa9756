export { setup } from '@tasked/test-postgres';
