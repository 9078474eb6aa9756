import type { Options, Sql } from 'postgres';
import type { DatabaseAddress } from './database-address.ts';
import { driver } from './driver.ts';

/** How many calls of one store are under way at once on connections of their own; further ones share. */
const POOL_SIZE = 4;

/** How long a connection that is not always needed outlasts its last use. */
const IDLE_SECS = 30;

type Extra = Options<Record<string, never>>;

/** Makes clients of one database. */
export class Connections {
  readonly #connect: (extra: Extra) => Sql;

  private constructor(connect: (extra: Extra) => Sql) {
    this.#connect = connect;
  }

  /** Throws `unsupported` when the driver is not installed. Connects nowhere yet. */
  static async to(address: DatabaseAddress): Promise<Connections> {
    const postgres = await driver();
    return new Connections((extra) =>
      'url' in address
        ? postgres(address.url, extra)
        : postgres({ ...address.sql.options, ...extra } as Extra),
    );
  }

  /** For calls. */
  pool(): Sql {
    return this.#connect({ ...ALWAYS, max: POOL_SIZE });
  }

  /** One connection for what is bulky, so that no call waits behind it; given back while it is not used. */
  aside(): Sql {
    return this.#connect({ ...ALWAYS, max: 1, idle_timeout: IDLE_SECS });
  }

  /** One connection that is kept as long as it goes, for what belongs to a session. */
  session(on: { readonly notify: (payload: string) => void; readonly close: () => void }): Sql {
    const options: SessionOptions = {
      ...ALWAYS,
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      onnotify: (_channel, payload) => on.notify(payload),
      onclose: on.close,
    };
    return this.#connect(options);
  }
}

/** Also what the driver's types leave out. */
interface SessionOptions extends Extra {
  readonly onnotify: (channel: string, payload: string) => void;
}

const ALWAYS: Extra = {
  fetch_types: false,
  onnotice: () => {},
  connect_timeout: 10,
  connection: { application_name: 'tasked' },
  /** Seconds before a further attempt to connect. */
  backoff: (failures: number) => Math.min(0.05 * 2 ** failures, 1),
};
