export { AcmeLogStore } from './acme-log-store.ts';
export { AcmeStore } from './acme-store.ts';
export { AcmeTaskStore } from './acme-task-store.ts';
