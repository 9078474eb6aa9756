/** Why a reference cannot stand where it stands in a command, and what to write instead. */
export const REASONS = {
  singleQuotes:
    'the shell expands nothing inside single quotes; end them before the reference and begin them ' +
    "again after it ('… '${tasks.…}' …'), or use double quotes",
  quotedHereDocument:
    'the shell expands nothing in a here-document whose delimiter is quoted; write the delimiter ' +
    'without quotes and put a backslash before every $ that is to stay',
  hereDocumentOfCode:
    'the here-document is the program of another shell or interpreter, which would read the value as ' +
    'code; pass it by env or as an argument',
  backticks: 'the shell reads what stands in `…` twice; write $(…) instead',
  arithmetic:
    'shells evaluate what stands in ((…)), $((…)) and $[…], and some run commands in it; let expr ' +
    'calculate, as in $(expr ${tasks.…} + 1)',
  braces:
    'only ${NAME:-…} and ${NAME:+…} may hold a reference; assign it first (value=${tasks.…}) and use ' +
    'the variable',
  doubleBrackets: 'some shells evaluate what stands in [[ … ]]; use [ … ] instead',
  subscript: 'shells evaluate what stands in […] of an array; put the brackets in double quotes',
  evaluatedVariable: 'shells evaluate what this variable is set to; use another one',
  builtin:
    'this builtin of the shell evaluates its arguments, so that the value could be read as code; ' +
    'assign it first (value=${tasks.…}) and use "$value", in single quotes where it is code (trap, eval)',
  remoteShell:
    'ssh has a shell at the other end read its arguments as code; pass the value on standard input: ' +
    "printf '%s\\n' ${tasks.…} | ssh HOST 'IFS= read -r value; …'",
  programText:
    'this argument is a program, which would read the value as code; pass it as an argument of its own: ' +
    'sh -c \'… "$1" …\' sh ${tasks.…}',
  afterDollar: 'the shell reads $$ as its process id; write \\$ for a dollar sign',
  ansiQuotes: "shells disagree on where the $'…' before it ends; use printf instead",
  nestedQuotes: 'shells disagree on quotes inside "${…}"; assign the value to a variable first',
  arithmeticQuotes: 'shells disagree on quotes inside ((…)); take them away, or write ( (…) )',
  nestedComment: 'shells disagree on comments inside $(…); put the comment outside',
  nestedCase: 'shells disagree on case inside $(…); put it into a function outside',
  nestedHereDocument: 'shells disagree on here-documents inside $(…) and quotes; put it outside',
  hereDocumentDelimiter:
    'the delimiter of the here-document before it cannot be read for certain; use a plain word such as EOF',
  hereDocumentEnd: 'shells disagree on where the here-document ends; avoid \\ before its last line',
  continuation:
    'a line is continued in the middle of an operator of the shell; write it on one line',
  tooDeep: 'the command is nested too deeply to tell how the shell reads it',
  unclosed: 'the command ends inside quotes or brackets that are never closed',
} as const;
