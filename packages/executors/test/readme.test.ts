import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const example = fileURLToPath(new URL('./readme-example.ts', import.meta.url));

it('the example in the README is the one that runs here', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(example, 'utf8')}\`\`\``);
});

it('the example does what the README says', () => {
  const printed = execFileSync(process.execPath, ['--conditions=@tasked/source', example], {
    encoding: 'utf8',
  });
  expect(printed).toContain("kind: 'succeeded'");
  expect(printed).toContain('hello "; rm -rf x; echo "\\n{"from":"stdin"}');
});
