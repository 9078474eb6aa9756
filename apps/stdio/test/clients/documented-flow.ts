import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** The flow that Tasked's documentation begins with: fetch something, then work on it in a shell. */
export function documentedFlow(url: string) {
  return {
    queue: 'reports',
    tasks: [
      { id: 'fetch', executor: 'http', config: { url } },
      {
        id: 'process',
        executor: 'shell',
        config: { command: 'printf "%s is %s" "${tasks.fetch.output.body.city}" "$(wc -c)"' },
        input: '${tasks.fetch.output.body}',
        depends_on: ['fetch'],
      },
    ],
  };
}

/** What the site gives, and what its last task prints then. */
export const BODY = { city: 'Köln', degrees: 21.5 };
export const PRINTED = `Köln is ${Buffer.byteLength(JSON.stringify(BODY))}`;

/** A site on this machine that gives {@link BODY} as JSON; it is closed after the test. Returns its URL. */
export async function localSite(): Promise<string> {
  const site = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(BODY));
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    site.closeAllConnections();
    site.close();
  });
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}/weather`;
}
