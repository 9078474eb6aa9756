import { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { TOOL } from './calls.ts';

/** A tool of SDK 2.x alone, which does nothing. */
export function plainTool(): McpServer {
  const server = new McpServer({ name: 'plain', version: '1' });
  const config = { description: 'Does nothing.', inputSchema: z.object({}) };
  server.registerTool(TOOL, config, () => ({ content: [] }));
  return server;
}
