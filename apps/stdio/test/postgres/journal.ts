import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '../support/temp-dir.ts';

/** What one execution of a task noted. */
export interface JournalLine {
  readonly flowId: string;
  readonly taskId: string;
  readonly fence: number;
  readonly word: string;
}

/** What the tasks of several processes have done, in the order in which they did it. */
export class Journal {
  readonly path = join(tempDir(), 'journal');

  lines(): readonly JournalLine[] {
    if (!existsSync(this.path)) return [];
    const text = readFileSync(this.path, 'utf8');
    return text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [flowId = '', taskId = '', fence, word = ''] = line.split(' ');
        return { flowId, taskId, fence: Number(fence), word };
      });
  }

  /** True once a task has noted this word. */
  says(taskId: string, word: string): boolean {
    return this.lines().some((line) => line.taskId === taskId && line.word === word);
  }

  /** The words that a task has noted, each with the fence of its attempt. */
  wordsOf(taskId: string): readonly string[] {
    return this.lines()
      .filter((line) => line.taskId === taskId)
      .map(({ fence, word }) => `${fence} ${word}`);
  }
}
