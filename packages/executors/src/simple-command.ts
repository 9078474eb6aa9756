import { REASONS } from './refusal-reasons.ts';
import { StandardInputCode } from './standard-input-code.ts';
import {
  ASSIGNMENT,
  BEFORE_A_NAME,
  DECLARATIONS,
  EVALUATED_VARIABLE,
  EVALUATORS,
  isInterpreter,
  isOwnOption,
  isRemoteShell,
  isUserSwitch,
  OPTION_NAMES_VARIABLE,
  takesCode,
  takesCodeNext,
} from './words-of-commands.ts';

/**
 * The simple command that is being scanned, as far as its words are known, to tell whether a value in the
 * current word would be read as code after the shell has expanded it.
 */
export class SimpleCommand {
  #word: string | null = null;
  /** True while the current word has a `[` outside quotes that is not closed. */
  #openBracket = false;
  #last: string | null = null;
  #lastButOne: string | null = null;
  #inDoubleBrackets = false;
  #facts = { ...NOTHING };
  #standardInput = new StandardInputCode();

  /** True where a `#` begins a comment. */
  get isAtWordStart(): boolean {
    return this.#word === null;
  }

  /** True once it opens a `case`, whose patterns have unpaired brackets. */
  get opensCase(): boolean {
    return this.#facts.opensCase;
  }

  /** True when a program among the words that have ended reads its code from its standard input. */
  get readsCodeFromStdin(): boolean {
    return this.#standardInput.isCode;
  }

  /** Adds a character of the current word that stands outside quotes. */
  addBare(char: string): void {
    this.#word = (this.#word ?? '') + char;
    if (char === '[') this.#openBracket = true;
    if (char === ']') this.#openBracket = false;
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
    const word = this.#word;
    if (word === null) return;
    this.#note(word, this.#isName());
    this.#standardInput.add(word);
    this.#lastButOne = this.#last;
    this.#last = word;
    this.#word = null;
    this.#openBracket = false;
  }

  /** Ends the command; inside `[[ … ]]` operators do not. */
  end(): void {
    this.endWord();
    if (this.#inDoubleBrackets) return;
    this.#last = null;
    this.#lastButOne = null;
    this.#facts = { ...NOTHING };
    this.#standardInput = new StandardInputCode();
  }

  /** Why a value in the current word would be read as code; null when it would not. */
  get codeReason(): string | null {
    const word = this.#word ?? '';
    if (this.#inDoubleBrackets) return REASONS.doubleBrackets;
    if (this.#openBracket) return REASONS.subscript;
    if (EVALUATED_VARIABLE.test(word)) return REASONS.evaluatedVariable;
    if (this.#isEvaluated(word)) return REASONS.builtin;
    if (this.#facts.remoteShell) return REASONS.remoteShell;
    return this.#isProgram(word) ? REASONS.programText : null;
  }

  #note(word: string, isName: boolean): void {
    const facts = this.#facts;
    if (word === '[[' && isName) this.#inDoubleBrackets = true;
    if (word === ']]') this.#inDoubleBrackets = false;
    if (facts.declares && word.startsWith('-')) facts.evaluates = true;
    if (isName && word === 'case') facts.opensCase = true;
    if (isName && EVALUATORS.has(word)) facts.evaluates = true;
    if (isName && DECLARATIONS.has(word)) facts.declares = true;
    if (isName && OPTION_NAMES_VARIABLE.has(word)) facts.takesNames = true;
    if (isRemoteShell(word)) facts.remoteShell = true;
    if (isUserSwitch(word)) facts.userSwitch = true;
    if (isInterpreter(word)) facts.interpreterOptions = true;
    else if (!isOwnOption(word, this.#last)) facts.interpreterOptions = false;
  }

  /** True when the current word is, or may be, the name of a command. */
  #isName(): boolean {
    const last = this.#last;
    if (last === null || BEFORE_A_NAME.has(last)) return true;
    return ASSIGNMENT.test(last) || this.#lastButOne === 'function';
  }

  #isEvaluated(word: string): boolean {
    if (this.#facts.evaluates) return true;
    if (this.#facts.takesNames && /^-[vRp]$/.test(this.#last ?? '')) return true;
    return this.#facts.declares && !ASSIGNMENT.test(word);
  }

  /** True when the current word is what an interpreter is told to run, as in `sh -c "…"`. */
  #isProgram(word: string): boolean {
    const { interpreterOptions, userSwitch } = this.#facts;
    if (interpreterOptions && takesCode(word)) return true;
    return (interpreterOptions || userSwitch) && takesCodeNext(this.#last ?? '');
  }
}

/** Stands in a word for what is not known; never written in a command. */
const UNKNOWN = '\0';

/** What the words so far have shown. */
const NOTHING = {
  opensCase: false,
  /** A builtin was named that evaluates its arguments. */
  evaluates: false,
  /** A builtin was named that is harmless with `NAME=value` only. */
  declares: false,
  /** A command was named that has an option which takes the name of a variable. */
  takesNames: false,
  remoteShell: false,
  userSwitch: false,
  /** An interpreter was named, and nothing but options since. */
  interpreterOptions: false,
};
