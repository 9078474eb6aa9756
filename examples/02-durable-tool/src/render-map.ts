import { durableTool } from '@tasked/server';
import { z } from 'zod';

const paletteSchema = z.object({ palette: z.enum(['warm', 'cold']) });

/** Asks for the colours and then draws. While somebody thinks nothing runs; the form survives the process. */
export const renderMap = durableTool({
  name: 'render_map',
  description: 'Use this to draw a map of a dataset. It asks the user for the colours first.',
  inputSchema: z.object({ dataset: z.string().min(1).max(100) }),
  outputSchema: z.object({ dataset: z.string(), palette: z.string(), svg: z.string() }),
  async run({ dataset }, ctx) {
    const { colours } = await ctx.requireInput({
      colours: {
        message: `Which colours for the map of ${dataset}?`,
        requestedSchema: paletteSchema,
      },
    });
    const { palette } =
      colours.action === 'accept' ? paletteSchema.parse(colours.content) : { palette: 'cold' };
    ctx.log(`drawing ${dataset} with task ${ctx.taskId}`);
    return { dataset, palette, svg: `<svg><title>${dataset}, ${palette}</title></svg>` };
  },
});
