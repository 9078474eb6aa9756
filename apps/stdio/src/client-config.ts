import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Clients whose configuration we can write. */
export const CLIENTS = ['claude-code', 'claude-desktop', 'vscode', 'cursor'] as const;

/** One of {@link CLIENTS}. */
export type ClientName = (typeof CLIENTS)[number];

/** How a client is to start a server. */
export interface ServerEntry {
  readonly command: string;
  readonly args: readonly string[];
}

/** The path of this program, as it can be started from anywhere. */
export const SCRIPT = fileURLToPath(new URL('../bin/tasked-stdio.js', import.meta.url));

/** The JSON that makes a client start the server under this name. */
export function clientConfig(client: ClientName, name: string, entry: ServerEntry): object {
  if (client === 'claude-desktop') return { mcpServers: { [name]: entry } };
  const stdio = { type: 'stdio', ...entry };
  return client === 'vscode' ? { servers: { [name]: stdio } } : { mcpServers: { [name]: stdio } };
}

/** One line for people: where the JSON belongs, and what to do then. */
export function whereItBelongs(
  client: ClientName,
  script: string = SCRIPT,
  platform: NodeJS.Platform = process.platform,
): string {
  const place = PLACES[client](platform);
  const moves = /[/\\]_npx[/\\]/.test(script)
    ? ' (npx may remove this copy of the program: npm install --global @tasked/stdio keeps one)'
    : '';
  return `${place}; keep the servers that are there already${moves}`;
}

const PLACES: Readonly<Record<ClientName, (platform: NodeJS.Platform) => string>> = {
  'claude-code': () => 'put this into .mcp.json in your project, then start claude there',
  'claude-desktop': (platform) =>
    `put this into ${claudeDesktopFile(platform)}, then restart Claude Desktop`,
  vscode: () =>
    'put this into .vscode/mcp.json in your project, then run "MCP: List Servers" to start it',
  cursor: () =>
    'put this into .cursor/mcp.json in your project, or into ~/.cursor/mcp.json for all',
};

function claudeDesktopFile(platform: NodeJS.Platform): string {
  const file = 'claude_desktop_config.json';
  if (platform === 'darwin') return join(homedir(), 'Library/Application Support/Claude', file);
  if (platform === 'win32') return `%APPDATA%\\Claude\\${file}`;
  return join(homedir(), '.config/Claude', file);
}
