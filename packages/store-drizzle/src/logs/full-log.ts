/** What stores keep of one stream of one attempt: as much as executors do, 10 MiB, and room for their remarks. */
export const MAX_LOG_BYTES = 10 * 1024 * 1024 + 64 * 1024;

/** What stands behind the last byte of a log that may not grow further. */
export function fullLogRemark(maxBytes: number): string {
  return `\n[tasked: this log is full at ${maxBytes} bytes; what came after was dropped]\n`;
}
