import { z } from 'zod';

/** What most methods of tasks are called with. */
export const taskParams = z.looseObject({ taskId: z.string() });

/** What they answer is made here, and needs no check. */
export const taskResult = z.looseObject({});
