import { isInterpreter, isRemoteShell, isUserSwitch } from './words-of-commands.ts';

/** Tells, word by word, whether a command has an interpreter that reads its program from standard input. */
export class StandardInputCode {
  #state: 'no' | 'unless an operand follows' | 'yes' = 'no';

  get isCode(): boolean {
    return this.#state !== 'no';
  }

  add(word: string): void {
    if (isRemoteShell(word)) this.#state = 'yes';
    if (this.#state === 'yes') return;
    if (isInterpreter(word) || isUserSwitch(word)) this.#state = 'unless an operand follows';
    else if (this.#state === 'unless an operand follows') {
      if (word === '-' || word === '-s') this.#state = 'yes';
      else if (!word.startsWith('-')) this.#state = 'no';
    }
  }
}
