export {
  type ServeTaskedStdioOptions,
  type StdioStreams,
  serveTaskedStdio,
  serveToolsOverStdio,
  type TaskedStdio,
} from './serve-tasked-stdio.ts';
