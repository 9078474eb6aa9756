export { noopExecutor } from './noop-executor.ts';
export { type ShellOptions, shellExecutor } from './shell-executor.ts';
