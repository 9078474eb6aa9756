/** How far a running attempt says it is. */
export interface Progress {
  readonly message: string;
  /** From 0 to 1; null when it cannot tell. */
  readonly fraction: number | null;
}
