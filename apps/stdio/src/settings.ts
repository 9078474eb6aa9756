import type { LogLevel } from '@tasked/app-kit';
import type { Place } from '@tasked/app-kit/engine';
import type { ClientName } from './client-config.ts';

/** A place that other processes can see. */
export type SharedPlace = Exclude<Place, { readonly kind: 'memory' }>;

/** What every command needs to know. */
interface EngineSettings {
  readonly place: Place;
  /** Attempts at once; undefined leaves it to the engine. */
  readonly concurrency: number | undefined;
  /** How long flows are kept once they have ended; undefined: a week. */
  readonly retainHours: number | undefined;
  /** Variables of our environment that tasks get to see. */
  readonly passEnv: readonly string[];
  readonly logLevel: LogLevel;
}

/** Serve one MCP client on stdio, and run tasks as long as it is there. */
export interface ServeSettings extends EngineSettings {
  readonly kind: 'serve';
}

/** Run tasks until told to stop. */
export interface WorkSettings extends EngineSettings {
  readonly kind: 'work';
  readonly place: SharedPlace;
  /** Only these queues; undefined: all. */
  readonly queues: readonly string[] | undefined;
  readonly name: string | undefined;
}

/** Run tasks, in one way or the other. */
export type Settings = ServeSettings | WorkSettings;

/** Print what makes a client start a server as `server` says. */
export interface ConfigSettings {
  readonly kind: 'config';
  readonly client: ClientName;
  /** What the client calls the server. */
  readonly name: string;
  readonly server: ServeSettings;
}

/** Look whether all is well, and change nothing. */
export interface DoctorSettings {
  readonly kind: 'doctor';
  readonly place: SharedPlace;
  readonly json: boolean;
}

/** What the command line asks for. */
export type Request = Settings | ConfigSettings | DoctorSettings;
