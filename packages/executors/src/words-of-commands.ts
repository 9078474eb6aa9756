/** Builtins that evaluate what they are given, as code or as the name of a variable with a subscript. */
export const EVALUATORS: ReadonlySet<string> = new Set([
  ...['eval', 'trap', 'alias', 'let', 'read', 'unset', 'getopts', 'declare', 'typeset'],
  ...['mapfile', 'readarray', 'compgen', 'complete'],
]);

/** Builtins that are harmless as long as they are given `NAME=value` and no option. */
export const DECLARATIONS: ReadonlySet<string> = new Set(['export', 'readonly', 'local']);

/** Commands with an option that takes the name of a variable. */
export const OPTION_NAMES_VARIABLE: ReadonlySet<string> = new Set(['printf', 'test', '[', 'wait']);

/** Words after which a command begins, or goes on. */
export const BEFORE_A_NAME: ReadonlySet<string> = new Set([
  ...['!', '{', 'if', 'then', 'elif', 'else', 'while', 'until', 'do', 'time'],
  ...['command', 'builtin', 'exec', 'coproc', '-p'],
]);

export const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;

/** Variables whose value some shells evaluate. */
export const EVALUATED_VARIABLE = /^(?:OPTIND|RANDOM|SECONDS|LINENO|HISTCMD|PS[0-4])\+?=/;

const INTERPRETER =
  /^(?:.*\/)?(?:(?:ba|da|z|k|mk|a|fi)?sh|python[\d.]*|node|bun|perl[\d.]*|ruby[\d.]*|php[\d.]*)$/;
const USER_SWITCH = /^(?:.*\/)?(?:su|runuser|flock)$/;
const REMOTE_SHELL = /^(?:.*\/)?ssh$/;
const CODE_OPTION = /^(?:-[A-Za-z]*[ceEp]|--(?:eval|print|command))$/;
const ATTACHED_CODE = /^(?:-[ceEp]|--(?:eval|print|command)=)/;

export function isInterpreter(word: string): boolean {
  return INTERPRETER.test(word);
}

/** True for programs that run a shell for somebody else, with its `-c` anywhere among their arguments. */
export function isUserSwitch(word: string): boolean {
  return USER_SWITCH.test(word);
}

export function isRemoteShell(word: string): boolean {
  return REMOTE_SHELL.test(word);
}

/** True for a word that may stand between an interpreter and its program: `-o` has an argument. */
export function isOwnOption(word: string, before: string | null): boolean {
  return /^[-+]./.test(word) || /^[-+][oOWX]$/.test(before ?? '');
}

/** True for an option whose value is a program: `-c`. */
export function takesCodeNext(word: string): boolean {
  return CODE_OPTION.test(word);
}

/** True for a word in which the program follows its option: `-cecho`, `--eval=`. */
export function takesCode(word: string): boolean {
  return ATTACHED_CODE.test(word);
}
