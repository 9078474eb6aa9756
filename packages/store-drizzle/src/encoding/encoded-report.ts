import { encodeJson, type Progress, type Report } from '@tasked/core';

/** A report as JSON; null for what it leaves as it was. */
export interface EncodedReport {
  readonly saved: string | null;
  readonly progress: string | null;
}

/** Throws `invalid_input` for a value that is not JSON. */
export function encodeReport({ saved, progress }: Report): EncodedReport {
  return {
    saved: saved === undefined ? null : encodeJson(saved, 'what an attempt saves'),
    progress: progress === undefined ? null : encodeProgress(progress),
  };
}

/** What `encodeReport` made of a progress; null when there is none. */
export function progressOf(json: string | null): Progress | null {
  return json === null ? null : (JSON.parse(json) as Progress);
}

function encodeProgress({ message, fraction }: Progress): string {
  return JSON.stringify({ message, fraction });
}
