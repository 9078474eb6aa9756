import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

// To be imported before a program: writes what it had loaded when it told its tools, and at its end, one URL a line.
const { LOADED_FOR_TOOLS = '', LOADED_AT_ALL = '' } = process.env;
const loaded: string[] = [];
registerHooks({
  load(url, context, nextLoad) {
    loaded.push(url);
    return nextLoad(url, context);
  },
});

const stdout = process.stdout;
const write = stdout.write.bind(stdout) as (...args: unknown[]) => boolean;
stdout.write = (...args: unknown[]) => {
  if (String(args[0]).includes('"result":{"tools":[')) {
    writeFileSync(LOADED_FOR_TOOLS, loaded.join('\n'));
  }
  return write(...args);
};
process.on('exit', () => writeFileSync(LOADED_AT_ALL, loaded.join('\n')));
