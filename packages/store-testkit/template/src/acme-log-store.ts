import type { LogChunk, LogStore } from '@tasked/core';
import { notWritten } from './not-written.ts';

/** Keeps in Acme what attempts print. */
export class AcmeLogStore implements LogStore {
  append(): void {
    notWritten('AcmeLogStore.append');
  }

  async flush(): Promise<void> {
    notWritten('AcmeLogStore.flush');
  }

  async read(): Promise<LogChunk | null> {
    return notWritten('AcmeLogStore.read');
  }

  async deleteLogs(): Promise<void> {
    notWritten('AcmeLogStore.deleteLogs');
  }
}
