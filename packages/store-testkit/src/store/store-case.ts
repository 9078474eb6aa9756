import type { StoreCaseId } from './store-case-ids.ts';
import type { StoreSubject } from './store-subject.ts';
import { Workbench } from './workbench.ts';

/** One promise of the contract, as a program that rejects when a store breaks it. */
export interface StoreCase {
  /** Stable: what a store's author, or a test of this kit, refers to. */
  readonly id: StoreCaseId;
  /** The promise, in words. */
  readonly title: string;
  /** What the subject must offer besides `open`; without it the case does not apply. */
  readonly needs?: 'reopen' | 'openSecond';
  readonly run: (at: Workbench) => Promise<void>;
}

/** True when the subject offers what the case needs. */
export function appliesTo(storeCase: StoreCase, subject: StoreSubject): boolean {
  return storeCase.needs === undefined || subject[storeCase.needs] !== undefined;
}

/** Runs one case on new data. Rejects when the store breaks the promise; closes what it opened. */
export async function runStoreCase(subject: StoreSubject, storeCase: StoreCase): Promise<void> {
  const at = await Workbench.open(subject);
  try {
    await storeCase.run(at);
  } finally {
    await at.close();
  }
}
