import { REASONS } from './refusal-reasons.ts';

/**
 * The words of the simple command that is being scanned, as far as they are known, to tell whether a
 * value in the current word would be read as code after the shell has expanded it.
 */
export class SimpleCommand {
  #words: string[] = [];
  #word: string | null = null;
  #openBracket = false;
  #inDoubleBrackets = false;

  /** True where a `#` begins a comment. */
  get isAtWordStart(): boolean {
    return this.#word === null;
  }

  /** True when the word that just ended opens a `case`, whose patterns have unpaired brackets. */
  get opensCase(): boolean {
    return (
      this.#word === null && this.#words.some((word, at) => word === 'case' && this.#names(at))
    );
  }

  /** True when a program reads its code from its standard input here. */
  get readsCodeFromStdin(): boolean {
    const words = this.#allWords();
    return words.some((word, at) => {
      if (isRemoteShell(word)) return true;
      if (!isInterpreter(word) && !USER_SWITCH.test(word)) return false;
      const rest = words.slice(at + 1);
      const operand = rest.find((next) => next === '-' || !next.startsWith('-'));
      return operand === undefined || operand === '-' || rest.includes('-s');
    });
  }

  /** Adds text of the current word that stands outside quotes. */
  addBare(text: string): void {
    this.#word = (this.#word ?? '') + text;
    if (text === '[') this.#openBracket = true;
    if (text === ']') this.#openBracket = false;
  }

  /** Adds text of the current word that stands inside quotes, maybe none. */
  addQuoted(text: string): void {
    this.#word = (this.#word ?? '') + text;
  }

  /** Adds something to the current word that is not known before the command runs. */
  addUnknown(): void {
    this.addQuoted(UNKNOWN);
  }

  endWord(): void {
    if (this.#word === null) return;
    if (this.#word === '[[' && this.#names(this.#words.length)) this.#inDoubleBrackets = true;
    if (this.#word === ']]') this.#inDoubleBrackets = false;
    this.#words.push(this.#word);
    this.#word = null;
    this.#openBracket = false;
  }

  /** Ends the command; inside `[[ … ]]` operators do not. */
  end(): void {
    this.endWord();
    if (!this.#inDoubleBrackets) this.#words = [];
  }

  /** Why a value in the current word would be read as code; null when it would not. */
  get codeReason(): string | null {
    if (this.#inDoubleBrackets) return REASONS.doubleBrackets;
    if (this.#openBracket) return REASONS.subscript;
    const word = this.#word ?? '';
    if (EVALUATED_VARIABLE.test(word)) return REASONS.evaluatedVariable;
    if (this.#words.some((name, at) => this.#names(at) && this.#evaluates(name, at))) {
      return REASONS.builtin;
    }
    if (this.#words.some(isRemoteShell)) return REASONS.remoteShell;
    return this.#isProgramText(word) ? REASONS.programText : null;
  }

  #evaluates(name: string, at: number): boolean {
    if (EVALUATORS.has(name)) return true;
    const since = this.#words.slice(at + 1);
    if (OPTION_NAMES_VARIABLE.has(name)) return /^-[vRp]$/.test(since.at(-1) ?? '');
    if (!DECLARATIONS.has(name)) return false;
    return !ASSIGNMENT.test(this.#word ?? '') || since.some((word) => word.startsWith('-'));
  }

  /** True when the current word is what an interpreter was told to run, as in `sh -c "…"`. */
  #isProgramText(word: string): boolean {
    return this.#words.some((name, at) => {
      const since = this.#words.slice(at + 1);
      if (USER_SWITCH.test(name)) return CODE_OPTION.test(since.at(-1) ?? '');
      if (!isInterpreter(name) || !since.every(isOwnOption)) return false;
      return ATTACHED_CODE.test(word) || CODE_OPTION.test(since.at(-1) ?? '');
    });
  }

  /** True when the word at `at` is, or may be, the name of a command. */
  #names(at: number): boolean {
    if (at === 0) return true;
    const before = this.#words[at - 1] as string;
    return (
      BEFORE_A_NAME.has(before) || ASSIGNMENT.test(before) || this.#words[at - 2] === 'function'
    );
  }

  #allWords(): readonly string[] {
    return this.#word === null ? this.#words : [...this.#words, this.#word];
  }
}

/** Stands in a word for what is not known; never written in a command. */
const UNKNOWN = '\0';

/** Builtins that evaluate what they are given, as code or as the name of a variable with a subscript. */
const EVALUATORS: ReadonlySet<string> = new Set([
  ...['eval', 'trap', 'alias', 'let', 'read', 'unset', 'getopts', 'declare', 'typeset'],
  ...['mapfile', 'readarray', 'compgen', 'complete'],
]);

/** Builtins that are harmless as long as they are given `NAME=value` and no option. */
const DECLARATIONS: ReadonlySet<string> = new Set(['export', 'readonly', 'local']);

/** Commands with an option that takes the name of a variable. */
const OPTION_NAMES_VARIABLE: ReadonlySet<string> = new Set(['printf', 'test', '[', 'wait']);

/** Words after which a command begins, or goes on. */
const BEFORE_A_NAME: ReadonlySet<string> = new Set([
  ...['!', '{', 'if', 'then', 'elif', 'else', 'while', 'until', 'do', 'time'],
  ...['command', 'builtin', 'exec', 'coproc', '-p'],
]);

const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;

/** Variables whose value some shells evaluate. */
const EVALUATED_VARIABLE = /^(?:OPTIND|RANDOM|SECONDS|LINENO|HISTCMD|PS[0-4])\+?=/;

const INTERPRETER =
  /^(?:.*\/)?(?:(?:ba|da|z|k|mk|a|fi)?sh|python[\d.]*|node|bun|perl[\d.]*|ruby[\d.]*|php[\d.]*)$/;

/** Programs that run a shell for somebody else, with an option anywhere among their arguments. */
const USER_SWITCH = /^(?:.*\/)?(?:su|runuser|flock)$/;

const CODE_OPTION = /^(?:-[A-Za-z]*[ceEp]|--(?:eval|print|command))$/;

const ATTACHED_CODE = /^(?:-[ceEp]|--(?:eval|print|command)=)/;

function isInterpreter(word: string): boolean {
  return INTERPRETER.test(word);
}

/** True for a word that stands before the code or the script of an interpreter; `-o` has an argument. */
function isOwnOption(word: string, at: number, words: readonly string[]): boolean {
  return /^[-+]./.test(word) || /^[-+][oOWX]$/.test(words[at - 1] ?? '');
}

function isRemoteShell(word: string): boolean {
  return /^(?:.*\/)?ssh$/.test(word);
}
