/** Something that is allowed and is still likely to go otherwise than whoever wrote it expects. */
export interface Warning {
  /** Where: `tasks[2].config.command`. */
  readonly path: string;
  /** What will happen and what to do about it, in one sentence or two. */
  readonly message: string;
}
