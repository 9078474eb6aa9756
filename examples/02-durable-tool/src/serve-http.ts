import { serve } from '@hono/node-server';
import { type AuthInfo, createMcpHandler, type McpServer } from '@modelcontextprotocol/server';
import { type RequestOrigin, refuseForeign } from '@tasked/server';

/** Who has which token, and what each may do. Yours come from where you keep them. */
const PEOPLE: Readonly<Record<string, Pick<AuthInfo, 'clientId' | 'scopes'>>> = {
  'token-of-ann': { clientId: 'ann', scopes: ['analysis:run'] },
  'token-of-bob': { clientId: 'bob', scopes: [] },
};

/** Serves MCP over HTTP on this machine and says where. */
export async function serveHttp(
  newServer: (origin: RequestOrigin) => McpServer,
  port: number,
): Promise<void> {
  const handler = createMcpHandler(newServer);
  const answer = async (request: Request): Promise<Response> => {
    const foreign = refuseForeign(request);
    if (foreign !== null) return foreign;
    const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? '';
    const person = Object.hasOwn(PEOPLE, token) ? PEOPLE[token] : undefined;
    if (person === undefined) return new Response('who are you?', { status: 401 });
    const authInfo = { token, ...person, scopes: [...person.scopes] };
    return await handler.fetch(request, { authInfo });
  };
  serve({ fetch: answer, hostname: '127.0.0.1', port }, (address) => {
    console.error(`serving MCP at http://127.0.0.1:${address.port}/mcp`);
  });
}
