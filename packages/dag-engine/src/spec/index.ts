export { flowSpecSchema, MAX_TASKS } from './flow-spec.ts';
export { type Nearest, nearestOf } from './nearest.ts';
