import type { Readable, Writable } from 'node:stream';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type Clock, type Logger, type Owner, systemClock } from '@tasked/core';
import type { ToolServer } from '../server/create-tool-server.ts';
import { createTaskedServer, type TaskedServerOptions } from '../tasked-server.ts';
import { Introduction } from './introduction.ts';
import { StdioTransport } from './stdio-transport.ts';

/** How long requests that are still open get to be answered when the server closes. */
const DRAIN_MS = 1_000;

/** What to serve, and where. */
export interface ServeTaskedStdioOptions extends Omit<TaskedServerOptions, 'owner'>, StdioStreams {
  readonly owner: Owner;
}

/** Where to serve. Default: the process's stdin and stdout, and the machine's clock. */
export interface StdioStreams {
  readonly input?: Readable;
  readonly output?: Writable;
  readonly clock?: Clock;
}

/** A server on stdio, as long as it lasts. */
export interface TaskedStdio {
  /** Resolves when the client has closed its end. What it asked before is still to be answered: call `close`. */
  readonly ended: Promise<void>;
  /**
   * Resolves when the client was told the tools, asks for anything else but a handshake, is silent for 50 ms, or has
   * gone: what takes long to open may wait until then, so that it keeps nobody waiting.
   */
  readonly introduced: Promise<void>;
  /** Ends held calls, lets open requests be answered for at most a second, and closes. */
  close(): Promise<void>;
}

/** Serves Tasked to one client over stdio, in whichever protocol era and framing it opens with. */
export function serveTaskedStdio(options: ServeTaskedStdioOptions): TaskedStdio {
  return serveToolsOverStdio(createTaskedServer(options), options);
}

/** Serves any tools to one client over stdio; `owner` is whose answers to questions they are. */
export function serveToolsOverStdio(
  server: ToolServer,
  options: StdioStreams & { readonly owner: Owner; readonly logger: Logger },
): TaskedStdio {
  const { input = process.stdin, output = process.stdout, clock = systemClock } = options;
  const { logger, owner } = options;
  const introduction = new Introduction(clock);
  const transport = new StdioTransport({
    input,
    output,
    introduction,
    takeAnswer: (message) => server.takeAnswer(message, owner),
  });
  void transport.ended.then(() => introduction.end());
  const onerror = (error: Error) => logger.debug('a connection error', { error });
  const connection = serveStdio(server.factory, { transport, onerror });
  return {
    ended: transport.ended,
    introduced: introduction.over,
    async close() {
      server.release();
      await Promise.race([transport.answered(), elapsed(clock, DRAIN_MS)]);
      await connection.close();
    },
  };
}

function elapsed(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(ms, resolve);
  });
}
