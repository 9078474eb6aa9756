/** What a case says of a store; null when it has nothing to say. Slips of the planted bug itself are thrown. */
export async function complaint(running: Promise<void>): Promise<string | null> {
  try {
    await running;
    return null;
  } catch (error) {
    if (error instanceof TypeError || error instanceof ReferenceError) throw error;
    return String(error);
  }
}
