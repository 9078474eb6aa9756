import type { LogLevel } from '@tasked/app-kit';
import type { EpochMs } from '@tasked/core';

/** Where flows, logs and keys are. */
export interface Storage {
  /** When there is no database. */
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
}

/** Serve clients over HTTP until told to stop. */
export interface ServeSettings extends Storage {
  readonly kind: 'serve';
  /** The server itself, when the URL of the database leads through a pooler. */
  readonly sessionUrl: string | undefined;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Names beside localhost under which clients reach the server. */
  readonly allowedHosts: readonly string[];
  readonly allowShell: boolean;
  readonly allowPrivateNetwork: boolean;
  /** False: tasks are taken, and others run them. */
  readonly runner: boolean;
  readonly concurrency: number | undefined;
  /** How long flows are kept once they have ended; undefined: a week. */
  readonly retainHours: number | undefined;
  /** How many calls of one owner may wait for news at once; undefined leaves it to the server. */
  readonly maxHeldCalls: number | undefined;
  readonly passEnv: readonly string[];
  readonly logLevel: LogLevel;
}

export interface CreateKeySettings extends Storage {
  readonly kind: 'keys';
  readonly command: 'create';
  readonly name: string;
  readonly principal: string;
  readonly scopes: readonly string[];
  readonly expiresAt: EpochMs | null;
}

export interface ListKeysSettings extends Storage {
  readonly kind: 'keys';
  readonly command: 'list';
  readonly json: boolean;
}

export interface RevokeKeySettings extends Storage {
  readonly kind: 'keys';
  readonly command: 'revoke';
  /** Or id. */
  readonly name: string;
}

/** See to the API keys. */
export type KeysSettings = CreateKeySettings | ListKeysSettings | RevokeKeySettings;

/** What the command line asks for. */
export type Request = ServeSettings | KeysSettings;
