export { refuseForeign } from './http/refuse-foreign.ts';
export { createTaskedHttp, type TaskedHttp, type TaskedHttpOptions } from './http/tasked-http.ts';
export {
  type ServeTaskedStdioOptions,
  serveTaskedStdio,
  type TaskedStdio,
} from './stdio/serve-tasked-stdio.ts';
export {
  createTaskedServer,
  type TaskedServerFactory,
  type TaskedServerOptions,
} from './tasked-server.ts';
export type { ToolContext } from './tool-call.ts';
