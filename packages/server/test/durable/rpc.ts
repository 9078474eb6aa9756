/** The two generations of the protocol that have tasks. */
export type Era = '2025-11-25' | '2026-07-28';

const envelopeOf = (mute: boolean) => ({
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {
    extensions: { 'io.modelcontextprotocol/tasks': {} },
    ...(mute ? {} : { elicitation: { form: {} } }),
  },
});

/** Speaks an era of the protocol to whatever answers requests over HTTP, plainly; a mute client answers no forms. */
export function rpcOf(
  era: Era,
  fetch: (request: Request) => Promise<Response>,
  { mute = false }: { readonly mute?: boolean } = {},
) {
  const isModern = era === '2026-07-28';
  const envelope = envelopeOf(mute);

  // biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
  async function call(method: string, params: object): Promise<any> {
    const { taskId, name = taskId } = params as {
      readonly taskId?: string;
      readonly name?: string;
    };
    const whole = isModern ? { ...params, _meta: envelope } : params;
    const response = await fetch(
      new Request('http://localhost/mcp', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': era,
          ...(isModern ? { 'mcp-method': method, ...(name && { 'mcp-name': name }) } : {}),
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: whole }),
      }),
    );
    const body = await response.text();
    const messages = body.startsWith('{')
      ? [body]
      : [...body.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => data ?? '');
    return messages.map((text) => JSON.parse(text)).find(({ id }) => id === 1);
  }

  /** The parameters of a call that is to be a task. */
  const asTask = (name: string, args: object = {}) => ({
    name,
    arguments: args,
    ...(isModern ? {} : { task: {} }),
  });

  return {
    call,
    asTask,
    /** Begins a task and tells its id. */
    async start(name: string, args: object = {}): Promise<string> {
      const { result } = await call('tools/call', asTask(name, args));
      return result.task?.taskId ?? result.taskId;
    },
    async status(taskId: string) {
      return (await call('tasks/get', { taskId })).result;
    },
    /** The result of a task that has ended. */
    async result(taskId: string) {
      const { result } = await call(isModern ? 'tasks/get' : 'tasks/result', { taskId });
      return isModern ? result.result : result;
    },
  };
}
