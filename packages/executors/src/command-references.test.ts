import { describe, expect, it } from 'vitest';
import { cpuMsOf } from '../test/cpu-ms.ts';
import { rewriteCommand } from './command-references.ts';
import { REASONS } from './refusal-reasons.ts';

const REF = '${tasks.a.output.v}';

/** `R` stands for a reference, and in the result for the variable that replaces it. */
function rewritten(command: string): string {
  const { script, refused } = rewriteCommand(command.replaceAll('R', () => REF));
  expect(refused).toEqual([]);
  return script.replaceAll('TASKED_REF_1', 'R');
}

function refusal(command: string): string | undefined {
  return rewriteCommand(command.replaceAll('R', () => REF)).refused[0]?.why;
}

describe('rewriteCommand', () => {
  it('leaves a command without references as it is', () => {
    const script = 'echo \'${x}\' "$(cat <<E\n`";`';
    expect(rewriteCommand(script)).toEqual({ script, variables: new Map(), refused: [] });
  });

  it('names one variable for each distinct reference, in order', () => {
    const command =
      'echo ${tasks.b.output} ${tasks.a.output.x[0]["y z"]} "${tasks.b.output}" ${tasks.b.output:file}';
    const { script, variables, refused } = rewriteCommand(command);
    expect(script).toBe(
      'echo "${TASKED_REF_1}" "${TASKED_REF_2}" "${TASKED_REF_1}" "${TASKED_REF_3}"',
    );
    expect([...variables].map(([name, { text, as }]) => [name, text, as])).toEqual([
      ['TASKED_REF_1', '${tasks.b.output}', 'value'],
      ['TASKED_REF_2', '${tasks.a.output.x[0]["y z"]}', 'value'],
      ['TASKED_REF_3', '${tasks.b.output:file}', 'file'],
    ]);
    expect(refused).toEqual([]);
  });

  it.each([
    ['R', '"${R}"'],
    ['echo pre-R-post', 'echo pre-"${R}"-post'],
    ['echo "pre-R-post"', 'echo "pre-${R}-post"'],
    ['echo \'single \'"R"', 'echo \'single \'"${R}"'],
    ["echo 'it'\\''s' R", "echo 'it'\\''s' \"${R}\""],
    ['echo "\\"" R', 'echo "\\"" "${R}"'],
    ['echo "\\\\R"', 'echo "\\\\${R}"'],
    ['echo \\" R', 'echo \\" "${R}"'],
    ['echo \\\\R', 'echo \\\\"${R}"'],
    ['echo $# R', 'echo $# "${R}"'],
    ['echo $xR "$xR"', 'echo $x"${R}" "$x${R}"'],
    ['echo a#R', 'echo a#"${R}"'],
    ['x=R; echo "$x"', 'x="${R}"; echo "$x"'],
    ['export X=R Y=R', 'export X="${R}" Y="${R}"'],
    ['cat > R 2>&1', 'cat > "${R}" 2>&1'],
    ['cat <<< R', 'cat <<< "${R}"'],
    ['[ "R" = yes ] && echo R', '[ "${R}" = yes ] && echo "${R}"'],
    ['case R in a) echo R;; esac', 'case "${R}" in a) echo "${R}";; esac'],
    ['for f in R; do echo R; done', 'for f in "${R}"; do echo "${R}"; done'],
    ['sh -c \'echo "$1"\' sh R', 'sh -c \'echo "$1"\' sh "${R}"'],
    ['node server.js -p R', 'node server.js -p "${R}"'],
    ["awk -v n=R '{ print n }'", 'awk -v n="${R}" \'{ print n }\''],
    ['echo eval R', 'echo eval "${R}"'],
    ['v=R; trap \'rm "$v"\' EXIT; echo R', 'v="${R}"; trap \'rm "$v"\' EXIT; echo "${R}"'],
  ])('%s becomes %s', (command, script) => {
    expect(rewritten(command)).toBe(script);
  });

  it.each([
    ['echo $(echo R)', 'echo $(echo "${R}")'],
    ['echo "$(echo R)"', 'echo "$(echo "${R}")"'],
    ['echo "$(echo "R")" "R"', 'echo "$(echo "${R}")" "${R}"'],
    ['echo "$( (echo R); echo \')\' )" "R"', 'echo "$( (echo "${R}"); echo \')\' )" "${R}"'],
    ['echo ${x:-R} "${x:-R}"', 'echo ${x:-"${R}"} "${x:-${R}}"'],
    ['echo ${x+"R"} ${#x} ${x} R', 'echo ${x+"${R}"} ${#x} ${x} "${R}"'],
    ["IFS=$'\\n'; echo R", 'IFS=$\'\\n\'; echo "${R}"'],
    ['diff <(echo R) <(echo "R")', 'diff <(echo "${R}") <(echo "${R}")'],
    ['echo `date` R', 'echo `date` "${R}"'],
    ['echo $((1 + (2))) R', 'echo $((1 + (2))) "${R}"'],
  ])('inside an expansion, %s becomes %s', (command, script) => {
    expect(rewritten(command)).toBe(script);
  });

  it.each([
    [
      'cat <<E\na "R" \'R\' $(echo R)\nE\necho R',
      'cat <<E\na "${R}" \'${R}\' $(echo "${R}")\nE\necho "${R}"',
    ],
    ['cat <<-E\n\tR\n\tE\necho R', 'cat <<-E\n\t${R}\n\tE\necho "${R}"'],
    [
      'cat <<A; cat <<B\n"R\nA\n\'R\nB\necho R',
      'cat <<A; cat <<B\n"${R}\nA\n\'${R}\nB\necho "${R}"',
    ],
    ["cat <<'E'\n\"it's\nE\necho R", 'cat <<\'E\'\n"it\'s\nE\necho "${R}"'],
    ['cat <<E\nR', 'cat <<E\n${R}'],
    ['cat <<E R\n(\nE\n', 'cat <<E "${R}"\n(\nE\n'],
    ['cat <<E\n$(echo\necho R)\nE', 'cat <<E\n$(echo\necho "${R}")\nE'],
  ])('in here-documents, %j becomes %j', (command, script) => {
    expect(rewritten(command)).toBe(script);
  });

  it.each([
    ['echo \\R', `echo \\${REF}`],
    ['echo "\\R"', `echo "\\${REF}"`],
    ["echo 1 # it's R", `echo 1 # it's ${REF}`],
    ['cat <<E\n\\R\nE', `cat <<E\n\\${REF}\nE`],
  ])('what is escaped or in a comment stays: %j', (command, script) => {
    expect(rewritten(command)).toBe(script);
  });

  it('goes on after a comment with an apostrophe', () => {
    expect(rewritten("echo 1 # it's\necho R")).toBe('echo 1 # it\'s\necho "${R}"');
  });

  it.each<[string, keyof typeof REASONS]>([
    ["echo 'R'", 'singleQuotes'],
    ['echo "$(echo \'R\')"', 'singleQuotes'],
    ["echo $'R'", 'singleQuotes'],
    ["cat <<'E'\nR\nE", 'quotedHereDocument'],
    ['cat <<"E"\nR\nE', 'quotedHereDocument'],
    ['cat <<\\E\nR\nE', 'quotedHereDocument'],
    ['bash <<E\necho R\nE', 'hereDocumentOfCode'],
    ['cat <<E | ssh host sh\necho R\nE', 'hereDocumentOfCode'],
    ['python3 - x <<E\nprint("R")\nE', 'hereDocumentOfCode'],
    ['echo `echo R`', 'backticks'],
    ['echo "`echo R`"', 'backticks'],
    ['echo $((R + 1))', 'arithmetic'],
    ['echo $((1 + $(echo R)))', 'arithmetic'],
    ['((x = R))', 'arithmetic'],
    ['for ((i = R; i < 3; i++)); do :; done', 'arithmetic'],
    ['echo $[R + 1]', 'arithmetic'],
    ['echo ${x:R}', 'braces'],
    ['echo ${x[R]}', 'braces'],
    ['echo ${x%R}', 'braces'],
    ['echo "${x/R/y}"', 'braces'],
    ['echo ${x:=R}', 'braces'],
    ['echo ${ echo R; }', 'braces'],
    ['[[ R -eq 1 ]]', 'doubleBrackets'],
    ['if [[ a && R ]]; then :; fi', 'doubleBrackets'],
    ['a[R]=1', 'subscript'],
    ['a=([R]=1)', 'subscript'],
    ['OPTIND=R', 'evaluatedVariable'],
    ['eval echo R', 'builtin'],
    ['x=1 command eval "echo R"', 'builtin'],
    ['true && { eval R; }', 'builtin'],
    ['f() { trap "rm R" EXIT; }', 'builtin'],
    ['function f { eval R; }', 'builtin'],
    ['if true; then eval R; fi', 'builtin'],
    ['read R', 'builtin'],
    ['printf -v R x', 'builtin'],
    ['[ -v R ]', 'builtin'],
    ['export R', 'builtin'],
    ['local -i x=R', 'builtin'],
    ['declare x=R', 'builtin'],
    ['ssh host echo R', 'remoteShell'],
    ['/usr/bin/ssh host "echo R"', 'remoteShell'],
    ['sh -c "echo R"', 'programText'],
    ['bash -o pipefail -ec "echo R"', 'programText'],
    ['sudo -u bob /bin/bash -lc "echo R"', 'programText'],
    ['su bob -c "echo R"', 'programText'],
    ['find . -exec sh -c "echo R" \\;', 'programText'],
    ['python3 -c "print(\'R\')"', 'programText'],
    ['node --eval="R"', 'programText'],
    ['echo $R', 'afterDollar'],
    ['echo "$R"', 'afterDollar'],
    ["echo $'it\\'s' R", 'ansiQuotes'],
    ['echo "${x:-"y"}" R', 'nestedQuotes'],
    ['echo "${x:-\'}\'}" R', 'nestedQuotes'],
    ['echo $(( "1" )) R', 'arithmeticQuotes'],
    ["echo $(date # it's\n) R", 'nestedComment'],
    ['echo "$(case x in x) echo R;; esac)"', 'nestedCase'],
    ['echo $(cat <<E\nR\nE\n)', 'nestedHereDocument'],
    ['cat <<E "\n" R\nE', 'nestedHereDocument'],
    ['cat <<$x R\n$x', 'hereDocumentDelimiter'],
    ['cat <<R\nx', 'hereDocumentDelimiter'],
    ['cat <<E\nx\\\nE\nR\nE', 'hereDocumentEnd'],
    ['cat <<E\\\nF\nR\nEF', 'hereDocumentDelimiter'],
    ['echo $\\\nR', 'continuation'],
    ['echo "$\\\nR"', 'continuation'],
    ['echo $(\\\n(R))', 'continuation'],
    ['(\\\n(R))', 'continuation'],
    ["cat <\\\n<'E'\nR\nE", 'continuation'],
    ['true &\\\n& echo R', 'continuation'],
    [`${'$('.repeat(60)}echo R${')'.repeat(60)}`, 'tooDeep'],
    ['echo R "', 'unclosed'],
    ["echo R '", 'unclosed'],
    ['echo R `', 'unclosed'],
    ['echo R $(', 'unclosed'],
    ['echo R ${x', 'unclosed'],
    ['cat <<E\nR $(echo\nE', 'unclosed'],
  ])('refuses %j: %s', (command, reason) => {
    expect(refusal(command)).toBe(REASONS[reason]);
  });

  it('takes a long command in no time', () => {
    const command = `echo ${`'' ${REF} "$(echo "${REF}")" `.repeat(2_500)}`;
    expect(cpuMsOf(() => rewriteCommand(command))).toBeLessThan(1_000);
    expect(rewriteCommand(command).refused).toEqual([]);
  });
});
