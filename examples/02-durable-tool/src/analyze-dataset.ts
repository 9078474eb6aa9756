import { durableTool } from '@tasked/server';
import { z } from 'zod';
import { CHUNKS, readChunk } from './dataset.ts';

/** How far an analysis is: what has to survive. */
const progressSchema = z.object({
  done: z.int(),
  rows: z.int(),
  sum: z.number(),
  largest: z.number(),
});

const START = { done: 0, rows: 0, sum: 0, largest: Number.NEGATIVE_INFINITY };

/** Goes through a dataset in ten chunks. Killed in one of them it goes on with that one, not with the first. */
export const analyzeDataset = durableTool({
  name: 'analyze_dataset',
  description: 'Use this to learn how many rows a dataset has, their mean and the largest value.',
  inputSchema: z.object({
    dataset: z.string().min(1).max(100),
    chunk_ms: z.int().min(0).max(60_000).default(300).describe('How long reading a chunk takes.'),
  }),
  outputSchema: z.object({
    dataset: z.string(),
    rows: z.int(),
    mean: z.number(),
    largest: z.number(),
    resumed_after: z.int().describe('Chunks that an earlier attempt had read.'),
    attempt: z.int(),
  }),
  scope: 'analysis:run',
  retries: 3,
  timeoutSecs: 3_600,
  async run({ dataset, chunk_ms }, ctx) {
    ctx.signal.addEventListener('abort', () => ctx.log(`told to stop at ${Date.now()}`));
    let state = ctx.saved === null ? START : progressSchema.parse(ctx.saved);
    const resumed_after = state.done;
    while (state.done < CHUNKS) {
      const told = `chunk ${state.done + 1} of ${CHUNKS}`;
      ctx.log(told);
      ctx.progress(told, state.done / CHUNKS);
      const values = await readChunk(
        { dataset, index: state.done, attempt: ctx.attempt },
        { takesMs: chunk_ms, signal: ctx.signal },
      );
      state = {
        done: state.done + 1,
        rows: state.rows + values.length,
        sum: values.reduce((sum, value) => sum + value, state.sum),
        largest: Math.max(state.largest, ...values),
      };
      await ctx.save(state);
    }
    const { rows, sum, largest } = state;
    return { dataset, rows, mean: sum / rows, largest, resumed_after, attempt: ctx.attempt };
  },
});
