import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pinWorkingDirectory } from './working-directory.ts';

const here = process.cwd();

it.each([
  [undefined, here],
  ['sub/dir', join(here, 'sub/dir')],
  ['../up', join(here, '../up')],
  ['/abs/./path', '/abs/path'],
  ['/abs/${tasks.a.output}', '/abs/${tasks.a.output}'],
  ['${tasks.a.output.dir}/x', '${tasks.a.output.dir}/x'],
  ['out/${tasks.a.output["x/../y"]}', `${here}/out/\${tasks.a.output["x/../y"]}`],
])('cwd %s is pinned to %s', (cwd, pinned) => {
  const config = { command: 'pwd', ...(cwd !== undefined && { cwd }) };
  expect(pinWorkingDirectory(config)).toEqual({ command: 'pwd', cwd: pinned });
});
