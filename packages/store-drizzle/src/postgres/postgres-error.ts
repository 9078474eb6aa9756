import { type ErrorCode, isTaskedError, TaskedError } from '@tasked/core';

/** Why a connection could not be made or was lost, as the driver, the system and the server say it. */
const NO_CONNECTION = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Classes of SQLSTATE that say that the server cannot do it now: connection, resources, intervention, system. */
const NOT_NOW = ['08', '53', '57', '58'];

const WHO = 'PostgreSQL refuses the user: check user and password of the URL';

/** A schema, table, column or function is missing: a newer version has migrated meanwhile. */
const OTHER_VERSION: readonly [ErrorCode, string] = [
  'unsupported',
  'the schema is not the one of this version of Tasked: upgrade Tasked on this host',
];

/** What the server will not do however often it is asked, by SQLSTATE, and what to do then. */
const REFUSALS: ReadonlyMap<string, readonly [ErrorCode, string]> = new Map([
  ['28P01', ['invalid_input', WHO]],
  ['28000', ['invalid_input', WHO]],
  [
    '3D000',
    ['invalid_input', 'there is no such database: create it, or name another one in the URL'],
  ],
  [
    '42501',
    [
      'forbidden',
      'the user lacks a right: let the owner of the database run `grant create on database … to …`, or grant ' +
        'all on the schema and its tables',
    ],
  ],
  ['22021', ['invalid_input', 'PostgreSQL cannot keep a text with a NUL character']],
  ['3F000', OTHER_VERSION],
  ['42P01', OTHER_VERSION],
  ['42703', OTHER_VERSION],
  ['42883', OTHER_VERSION],
  ['22P05', ['invalid_input', 'PostgreSQL cannot keep a text with a NUL character']],
]);

/** Refusals of the user that a store was opened with. */
const OF_THE_USER = new Set(['28P01', '28000', '3D000', '42501']);

/** True when the connection on which this was the answer can be of no more use. */
export function isLostConnection(error: unknown): boolean {
  const code = codeOf(error);
  return NO_CONNECTION.has(code) || isNotNow(code);
}

/** A deadlock or a serialization failure: the transaction was undone and may be done again. */
export function mayBeRepeated(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40P01' || code === '40001';
}

function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error);
  return NO_CONNECTION.has(code) || isNotNow(code);
}

/** True for what the server itself has said. */
function isNotNow(code: string): boolean {
  return NOT_NOW.some((prefix) => code.startsWith(prefix));
}

/**
 * What a failure of PostgreSQL means to whoever uses the store: `unavailable` when the server cannot be
 * reached or used now, `invalid_input` for an address that is wrong and for a text that it cannot keep, `forbidden`
 * for a right that is missing, `unsupported` for a schema of another version, `internal` for a mistake of ours. Any
 * other error is returned as it is.
 */
export function explainPostgresError(error: unknown): unknown {
  const code = codeOf(error);
  if (code === '' || !(error instanceof Error)) return error;
  const explain = (kind: ErrorCode, message: string) =>
    new TaskedError(kind, `${message} (${code}: ${messageOf(error)})`, { cause: error });
  if (mayBeRepeated(error)) {
    return explain('unavailable', 'PostgreSQL undid the transaction again and again: try again');
  }
  if (isConnectionLoss(error)) {
    const message = 'PostgreSQL cannot be used now: see that it runs there, and try again';
    const said = isNotNow(code) ? `: ${error.message}` : placeOf(error);
    return new TaskedError('unavailable', `${message} (${code}${said})`, { cause: error });
  }
  const refusal = REFUSALS.get(code);
  if (refusal !== undefined) return explain(...refusal);
  return explain('internal', 'PostgreSQL refused a statement');
}

/**
 * What a failure means to whoever uses a store that has been open: like `explainPostgresError`, but that the user of the
 * database is refused now is `unavailable`, because its operator alone can mend that.
 */
export function explainLaterError(error: unknown): unknown {
  const explained = explainPostgresError(error);
  if (!isTaskedError(explained) || !OF_THE_USER.has(codeOf(error))) return explained;
  return new TaskedError('unavailable', explained.message, { cause: error });
}

/** Where the server was looked for, as the driver and the system say it. */
function placeOf(error: Error): string {
  const of = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const { address, hostname, port } = of as Readonly<Record<string, unknown>>;
  const host = address ?? hostname;
  if (typeof host !== 'string') return '';
  return port === undefined ? ` at ${host}` : ` at ${host}:${String(port)}`;
}

/** An error of several connection attempts has a message in its parts alone. */
function messageOf(error: Error): string {
  if (error.message !== '' || !(error instanceof AggregateError)) return error.message;
  return error.errors.map(String).join('; ');
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || isTaskedError(error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
