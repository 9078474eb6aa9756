import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scanReferences } from './references.ts';

const WORD = /^[A-Za-z0-9_-]{1,12}$/;
const word = fc.stringMatching(WORD);

/** A step of a path as it is written, beside the key that it stands for. */
const step = fc.oneof(
  word.map((key) => ({ written: `.${key}`, key })),
  fc.nat(9_999).map((index) => ({ written: `[${index}]`, key: String(index) })),
  fc.stringMatching(/^[^"\]]{1,12}$/).map((key) => ({ written: `["${key}"]`, key })),
);

/** How a reference ends, beside what it stands for. */
const ending = fc.constantFrom(
  { written: '', as: 'value' as const },
  { written: ':file', as: 'file' as const },
);

/** A reference as it is written, beside what it says. */
const reference = fc
  .record({ taskId: word, steps: fc.array(step, { maxLength: 4 }), ending })
  .map(({ taskId, steps, ending: { written: end, as } }) => ({
    text: `\${tasks.${taskId}.output${steps.map(({ written }) => written).join('')}${end}}`,
    taskId,
    path: steps.map(({ key }) => key),
    as,
  }));

/** Text that cannot be part of a reference, other expansions of a shell among it. */
const otherText = fc.constantFrom(
  '',
  ' ',
  'echo ',
  '${HOME}',
  '$tasks.a',
  '{tasks.a}',
  '"é😀"',
  '${x:-1}',
);

describe('scanReferences', () => {
  test('finds each reference with its task, its path and its place', () => {
    expect(scanReferences('run ${tasks.a-1.output.b["c d"][2]} now')).toEqual({
      references: [
        {
          text: '${tasks.a-1.output.b["c d"][2]}',
          taskId: 'a-1',
          path: ['b', 'c d', '2'],
          as: 'value',
          start: 4,
          end: 35,
        },
      ],
      malformed: [],
    });
  });

  test('a reference without a path names the whole output', () => {
    expect(scanReferences('${tasks.a.output}').references[0]?.path).toEqual([]);
  });

  test.each([
    ['${tasks.a.output:file}', []],
    ['${tasks.a.output.b:file}', ['b']],
    ['${tasks.a.output["b:file"]:file}', ['b:file']],
  ])('%s stands for the path of a file', (text, path) => {
    expect(scanReferences(text).references).toMatchObject([{ text, path, as: 'file' }]);
  });

  test('a key that looks like the ending is a key', () => {
    expect(scanReferences('${tasks.a.output[":file"]}').references).toMatchObject([
      { path: [':file'], as: 'value' },
    ]);
  });

  test('leaves every other expansion to the shell', () => {
    const text = '${HOME} ${1} $(ls) ${#tasks.a} ${task.a.output} \\${x} $tasks.a.output';
    expect(scanReferences(text)).toEqual({ references: [], malformed: [] });
  });

  test.each([
    ['${tasks.a}', '${tasks.a}'],
    ['${tasks.a.stdout}', '${tasks.a.stdout}'],
    ['${tasks..output}', '${tasks..output}'],
    ['${tasks.a b.output}', '${tasks.a b.output}'],
    ['${tasks.a.output.}', '${tasks.a.output.}'],
    ['${tasks.a.output[-1]}', '${tasks.a.output[-1]}'],
    ['${tasks.a.output[x]}', '${tasks.a.output[x]}'],
    ['${tasks.a.output:File}', '${tasks.a.output:File}'],
    ['${tasks.a.output:}', '${tasks.a.output:}'],
    ['${tasks.a.output:file:file}', '${tasks.a.output:file:file}'],
    ['${tasks.a.output:file.b}', '${tasks.a.output:file.b}'],
    ['${tasks.a:file}', '${tasks.a:file}'],
    ['${tasks.a.output', '${tasks.a.output'],
    [`x \${tasks.${'a'.repeat(129)}.output}`, `\${tasks.${'a'.repeat(72)}`],
  ])('reports %s as malformed', (text, shown) => {
    const { references, malformed } = scanReferences(text);
    expect(references).toEqual([]);
    expect(malformed).toEqual([{ text: shown, start: text.indexOf('${') }]);
  });

  test('finds what follows a malformed reference', () => {
    const { references, malformed } = scanReferences('${tasks.a ${tasks.b.output}');
    expect(references.map(({ taskId }) => taskId)).toEqual(['b']);
    expect(malformed).toHaveLength(1);
  });

  test('shows only the beginning of a malformed reference that nobody closed', () => {
    const { malformed } = scanReferences(`\${tasks.a.${'b'.repeat(10_000)}}`);
    expect(malformed[0]?.text).toHaveLength(80);
  });

  test('reports every opening of a text full of them, each with little around it', () => {
    const openings = 100_000;
    const { malformed } = scanReferences('${tasks.'.repeat(openings));
    expect(malformed).toHaveLength(openings);
    expect(malformed.every(({ text }) => text.length <= 80)).toBe(true);
  });

  test('reads back whatever was written, in any surroundings', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(otherText, reference)), otherText, (parts, last) => {
        const text = parts.map(([before, { text }]) => before + text).join('') + last;
        const found = scanReferences(text);
        expect(found.malformed).toEqual([]);
        expect(
          found.references.map(({ text, taskId, path, as }) => ({ text, taskId, path, as })),
        ).toEqual(parts.map(([, said]) => said));
        for (const { start, end, text: own } of found.references) {
          expect(text.slice(start, end)).toBe(own);
        }
      }),
    );
  });

  test('accounts for every opening, once, in any text', () => {
    const piece = fc.oneof(
      fc.constantFrom('${tasks.', '.output', ':file', '}', '["', '"]', '.', 'a'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        const { references, malformed } = scanReferences(text);
        const starts = [...references, ...malformed]
          .map(({ start }) => start)
          .sort((a, b) => a - b);
        const inside = (at: number) => references.some(({ start, end }) => start < at && at < end);
        const openings = [...text.matchAll(/\$\{tasks\./g)].map(({ index }) => index);
        expect(starts).toEqual(openings.filter((at) => !inside(at)));
      }),
    );
  });
});
