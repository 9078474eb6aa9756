import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cpuMsOf } from '../../test/cpu-ms.ts';
import { taskWarnings } from './task-warnings.ts';

/** What commands are made of, in any order. */
const pieces = fc.oneof(
  fc.constantFrom(
    ...[
      'npm test',
      'vim',
      'ssh',
      'sudo',
      'read x',
      'bash -c',
      'sh',
      'git commit',
      'top',
      'wait',
      'cat',
    ],
    ...[
      '|',
      '||',
      '&',
      '&&',
      ';',
      '\n',
      '!',
      '(',
      ')',
      '{',
      '}',
      '((',
      '))',
      '[[',
      ']]',
      '$(',
      '`',
    ],
    ...[
      '"',
      "'",
      '\\',
      '$',
      '${',
      '<',
      '>',
      '<<EOF',
      '\nEOF\n',
      '<<<',
      '&>',
      '>&',
      '2>&1',
      '#',
      ' ',
    ],
    ...[
      'if',
      'then',
      'fi',
      'for x in',
      'do',
      'done',
      'while',
      'case x in',
      'esac',
      'function f',
      'f()',
    ],
    ...[
      '${tasks.a.output}',
      '${tasks.a.output.b[0]}',
      '-c',
      '-it',
      '--help',
      '=',
      'x=1',
      '\0',
      '\ud800',
    ],
  ),
  fc.string({ maxLength: 5 }),
);

const commands = fc
  .array(pieces, { maxLength: 30 })
  .chain((parts) => fc.constantFrom(parts.join(' '), parts.join('')));

test('any command has short warnings, found at once', () => {
  fc.assert(
    fc.property(commands, fc.option(fc.array(commands, { maxLength: 4 })), (command, args) => {
      const config = args === null ? { command } : { command, args };
      const spec = { config, input: null, timeoutMs: 1_000 };
      expect(cpuMsOf(() => taskWarnings(spec))).toBeLessThan(500);
      for (const { message } of taskWarnings(spec)) {
        expect(message.length).toBeLessThan(500);
        expect(message.isWellFormed()).toBe(true);
      }
    }),
    { numRuns: 5_000 },
  );
});
