import { describe, expect, it } from 'vitest';
import { CLIENTS, clientConfig, whereItBelongs } from './client-config.ts';

const entry = { command: '/bin/node', args: ['/opt/tasked-stdio.js', '--data-dir', '/data'] };

describe('the configuration of a client', () => {
  it.each([
    ['claude-code', { mcpServers: { builds: { type: 'stdio', ...entry } } }],
    ['claude-desktop', { mcpServers: { builds: entry } }],
    ['vscode', { servers: { builds: { type: 'stdio', ...entry } } }],
    ['cursor', { mcpServers: { builds: { type: 'stdio', ...entry } } }],
  ] as const)('%s', (client, config) => {
    expect(clientConfig(client, 'builds', entry)).toEqual(config);
  });

  it('says in one line where it belongs', () => {
    for (const client of CLIENTS) expect(whereItBelongs(client)).toMatch(/^put this into [^\n]+$/);
    const file = (platform: NodeJS.Platform) =>
      whereItBelongs('claude-desktop', '/opt/tasked-stdio.js', platform);
    expect(file('darwin')).toContain(
      'Library/Application Support/Claude/claude_desktop_config.json',
    );
    expect(file('win32')).toContain('%APPDATA%\\Claude\\claude_desktop_config.json');
    expect(file('linux')).toContain('.config/Claude/claude_desktop_config.json');
  });

  it('warns when npx may remove the program again', () => {
    const cached = '/home/me/.npm/_npx/1a2b/node_modules/@tasked/stdio/bin/tasked-stdio.js';
    expect(whereItBelongs('cursor', cached)).toContain('npm install --global @tasked/stdio');
    expect(whereItBelongs('cursor', '/opt/tasked-stdio.js')).not.toContain('npx');
  });
});
