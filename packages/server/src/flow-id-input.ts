import { z } from 'zod';

/** The argument that names a flow; whether it exists is for the store to say. */
export const flowIdInput = z.string().min(1).max(200).describe('From tasked_submit_flow.');
