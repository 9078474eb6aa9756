export { type Engine, type EngineOptions, openEngine } from './open-engine.ts';
export type { Place } from './place.ts';
