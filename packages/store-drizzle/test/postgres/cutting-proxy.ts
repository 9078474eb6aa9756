import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What becomes of the next message to the server that holds a text. */
type Fault =
  /** The server never gets it, and the connection is cut. */
  | 'cut before'
  /** The server does what it says, and the connection is cut instead of the answer. */
  | 'cut answer'
  /** The server does what it says, and nothing comes back any more. */
  | 'silence';

/** How an answer of PostgreSQL ends outside of a transaction: it is ready for the next query. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** Stands between clients and a server, and spoils a message when it is told to. */
export class CuttingProxy {
  readonly url: string;
  readonly #server: Server;
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #planned: { readonly text: string; readonly fault: Fault; readonly done: () => void } | null =
    null;

  private constructor(server: Server, target: URL) {
    this.#server = server;
    this.#target = target;
    const { port } = server.address() as AddressInfo;
    this.url = Object.assign(new URL(target), { host: `127.0.0.1:${port}` }).href;
    server.on('connection', (client) => this.#serve(client));
  }

  static async start(targetUrl: string): Promise<CuttingProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CuttingProxy(server, new URL(targetUrl));
  }

  /** Spoils the next message that holds the text; resolves when it has. */
  spoil(text: string, fault: Fault): Promise<void> {
    return new Promise((done) => {
      this.#planned = { text, fault, done };
    });
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(client: Socket): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    let spoiling: (() => void) | null = null;
    let fault: Fault | null = null;
    const cut = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', cut).on('close', () => {
        this.#sockets.delete(socket);
        cut();
      });
    }
    client.on('data', (data) => {
      const planned = this.#planned;
      if (planned !== null && data.includes(planned.text)) {
        this.#planned = null;
        fault = planned.fault;
        spoiling = planned.done;
        if (fault === 'cut before') {
          cut();
          spoiling();
          return;
        }
      }
      server.write(data);
    });
    server.on('data', (data) => {
      if (spoiling === null) {
        client.write(data);
        return;
      }
      if (!data.subarray(-READY.length).equals(READY)) return;
      if (fault === 'cut answer') cut();
      spoiling();
    });
  }
}
