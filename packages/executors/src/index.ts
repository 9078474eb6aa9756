export { type HttpOptions, httpExecutor } from './http/http-executor.ts';
export { noopExecutor } from './noop-executor.ts';
export { type ShellOptions, shellExecutor } from './shell-executor.ts';
