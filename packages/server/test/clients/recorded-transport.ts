/** What somebody said, and who it was. */
export interface Said {
  readonly by: 'client' | 'server';
  readonly message: Message;
}

/** A message of JSON-RPC, read field by field. */
// biome-ignore lint/suspicious/noExplicitAny: tests read messages field by field
export type Message = Readonly<Record<string, any>>;

/** What transports of both generations of the SDK have in common. */
interface AnyTransport {
  // biome-ignore lint/suspicious/noExplicitAny: each SDK has its own type of messages and options
  send(message: any, options?: any): Promise<void>;
  // biome-ignore lint/suspicious/noExplicitAny: each SDK has its own type of messages
  onmessage?: any;
}

/** The transport of a client, with a copy of every message of both sides put into `journal`. */
export function recorded<Transport extends AnyTransport>(
  transport: Transport,
  journal: Said[],
): Transport {
  type Handler = (message: Message, ...more: unknown[]) => void;
  let handler: Handler | undefined;
  const note = (by: Said['by'], message: Message | readonly Message[]) => {
    for (const each of [message].flat()) journal.push({ by, message: structuredClone(each) });
  };
  return new Proxy(transport, {
    get(target, key) {
      if (key === 'onmessage') return handler;
      if (key === 'send') {
        return (message: Message, ...more: unknown[]) => {
          note('client', message);
          return target.send(message, ...(more as [unknown?]));
        };
      }
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set(target, key, value: unknown) {
      if (key !== 'onmessage') return Reflect.set(target, key, value, target);
      handler = value as Handler;
      target.onmessage = (message: Message, ...more: unknown[]) => {
        note('server', message);
        handler?.(message, ...more);
      };
      return true;
    },
  });
}
