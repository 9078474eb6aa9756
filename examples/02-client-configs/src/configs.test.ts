import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const CONFIGS = new URL('../configs/', import.meta.url);

const PROGRAM = fileURLToPath(
  new URL('bin/tasked-stdio.js', import.meta.resolve('@tasked/stdio/package.json')),
);

/** What `tasked-stdio config` prints, with the paths of nobody's machine. */
function printed(client: string): unknown {
  const args = [PROGRAM, 'config', client, '--data-dir', '/home/me/tasked-data'];
  const text = execFileSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(
    text
      .replaceAll(JSON.stringify(process.execPath), '"/usr/local/bin/node"')
      .replaceAll(
        JSON.stringify(PROGRAM),
        '"/usr/local/lib/node_modules/@tasked/stdio/bin/tasked-stdio.js"',
      ),
  );
}

const files = readdirSync(CONFIGS);

describe('the configuration of each client', () => {
  it.each(files)('%s is what the program prints', (file) => {
    const client = file.slice(0, -'.json'.length);
    expect(JSON.parse(readFileSync(new URL(file, CONFIGS), 'utf8'))).toEqual(printed(client));
  });

  it('is in the table of the README', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    expect(files).toHaveLength(4);
    for (const file of files) expect(readme).toContain(`configs/${file}`);
  });
});
