import { randomUUID } from 'node:crypto';
import {
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  Server,
} from '@modelcontextprotocol/server';

/** A task that nothing survives. */
interface Entry {
  status: 'working' | 'completed';
  readonly createdAt: string;
  readonly result: Promise<Result>;
}

/**
 * A tool whose calls are tasks in a map of the process, begun at once, as FastMCP keeps them without a database: what
 * tasks cost when nothing is stored.
 */
export function inMemoryTasks(): Server {
  const tasks = new Map<string, Entry>();
  const capabilities = { tools: {}, tasks: { requests: { tools: { call: {} } } } };
  const server = new Server({ name: 'in-memory', version: '1' }, { capabilities });
  server.fallbackRequestHandler = async ({ method, params }) => {
    if (method === 'tools/call') return { task: create(tasks) };
    const entry = tasks.get(String(params?.taskId));
    if (method === 'tasks/result' && entry !== undefined) return await entry.result;
    throw new ProtocolError(ProtocolErrorCode.MethodNotFound, 'Method not found');
  };
  return server;
}

function create(tasks: Map<string, Entry>) {
  const taskId = randomUUID();
  const createdAt = new Date().toISOString();
  const entry: Entry = { status: 'working', createdAt, result: run() };
  void entry.result.then(() => {
    entry.status = 'completed';
  });
  tasks.set(taskId, entry);
  return { taskId, status: entry.status, createdAt, lastUpdatedAt: createdAt, ttl: null };
}

async function run(): Promise<Result> {
  return { content: [] };
}
