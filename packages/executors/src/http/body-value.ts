import { MIMEType, TextDecoder } from 'node:util';
import type { JsonValue } from '@tasked/core';

/** A body as an output holds it. */
export interface BodyValue {
  readonly body: JsonValue;
  /** Only where `body` is no text of the response, but its bytes. */
  readonly body_encoding?: 'base64';
}

/**
 * Makes JSON of what is declared as JSON, and texts of texts: what is declared as one, by its charset
 * (UTF-8 unless it says), and whatever else can be read as one. Everything else is base64. What is declared
 * as JSON and is none stays a text.
 */
export function bodyValue(bytes: Uint8Array, contentType: string | undefined): BodyValue {
  const { essence, charset } = readContentType(contentType ?? '');
  if (JSON_TYPE.test(essence)) return { body: parsed(decoded(bytes, charset)) };
  if (TEXT_TYPE.test(essence)) return { body: decoded(bytes, charset) };
  const text = MEDIA_TYPE.test(essence) ? null : decodedIfText(bytes, charset);
  if (text !== null || bytes.length === 0) return { body: text ?? '' };
  return { body: Buffer.from(bytes).toString('base64'), body_encoding: 'base64' };
}

const JSON_TYPE = /^application\/json$|\+json$/;
const TEXT_TYPE = /^text\/|^application\/xml$|\+xml$/;
const MEDIA_TYPE = /^(?:image|audio|video|font)\//;

function readContentType(text: string): { readonly essence: string; readonly charset: string } {
  try {
    const type = new MIMEType(text);
    return { essence: type.essence, charset: type.params.get('charset') ?? 'utf-8' };
  } catch {
    return { essence: '', charset: 'utf-8' };
  }
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

/** What is wrongly encoded becomes U+FFFD. */
function decoded(bytes: Uint8Array, charset: string): string {
  return decoder(charset, false).decode(bytes);
}

/** Null for what is surely no text in that charset. */
function decodedIfText(bytes: Uint8Array, charset: string): string | null {
  if (bytes.includes(0)) return null;
  try {
    return decoder(charset, true).decode(bytes);
  } catch {
    return null;
  }
}

/** For a charset that nobody knows, that of UTF-8. */
function decoder(charset: string, fatal: boolean): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal });
  } catch {
    return new TextDecoder('utf-8', { fatal });
  }
}
