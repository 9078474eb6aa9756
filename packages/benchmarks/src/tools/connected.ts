import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import type { McpServer, Server } from '@modelcontextprotocol/server';

/** A client of the server in this process: no network, and nothing that a transport would add. */
export async function connected(server: McpServer | Server): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  const client = new Client({ name: 'bench', version: '1' });
  await client.connect(near);
  return client;
}
