import type { z } from 'zod';
import { invalidArguments } from './tool.ts';

/** Writes a position as a text that callers hand back and do not read. */
export function encodeCursor(position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Reads what {@link encodeCursor} wrote. Throws `invalid_input` that names the cursor for anything else. */
export function decodeCursor<Position>(cursor: string, shape: z.ZodType<Position>): Position {
  const parsed = shape.safeParse(parsedJson(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success) return parsed.data;
  throw invalidArguments([
    {
      path: 'cursor',
      message: 'is not a cursor of this list',
      got: cursor.slice(0, 100),
      expected: 'the cursor of the answer before, or no cursor to begin anew',
    },
  ]);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
