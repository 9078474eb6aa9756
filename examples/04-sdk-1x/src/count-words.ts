import { setTimeout as elapsed } from 'node:timers/promises';
import { durableTool } from '@tasked/server';
import { z } from 'zod';

const savedSchema = z.object({ chapters: z.int(), words: z.int() });

/** Counts the words of a book, chapter by chapter. Killed in one chapter it goes on with that one, not with the first. */
export const countWords = durableTool({
  name: 'count_words',
  description: 'Use this to learn how many words a long text has.',
  inputSchema: z.object({
    chapters: z.array(z.string()).max(1_000),
    chapter_ms: z.int().min(0).default(0).describe('How long a chapter takes.'),
  }),
  outputSchema: z.object({ words: z.int(), resumed_after: z.int() }),
  retries: 3,
  async run({ chapters, chapter_ms }, ctx) {
    const before = ctx.saved === null ? { chapters: 0, words: 0 } : savedSchema.parse(ctx.saved);
    let { words } = before;
    for (const [index, text] of chapters.entries()) {
      if (index < before.chapters) continue;
      ctx.log(`chapter ${index + 1} of ${chapters.length}`);
      await elapsed(chapter_ms, undefined, { signal: ctx.signal });
      words += text.split(/\s+/).filter((word) => word !== '').length;
      await ctx.save({ chapters: index + 1, words });
    }
    return { words, resumed_after: before.chapters };
  },
});
