import type { ServerContext } from '@modelcontextprotocol/server';
import type { Logger } from '@tasked/core';

/** How far something is; `progress` MUST rise from report to report. */
interface Report {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

/** Tells whoever sent a request how far it is; null when the request did not ask to be told. */
export function progressReporter(
  { mcpReq }: ServerContext,
  logger: Logger,
): ((report: Report) => void) | null {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return null;
  return (report) => {
    const params = { progressToken, ...report };
    mcpReq.notify({ method: 'notifications/progress', params }).catch((error: unknown) => {
      logger.debug('progress could not be reported', { error });
    });
  };
}
