import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What the tests read of a `package.json`. */
export interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** A package whose packed file was unpacked into `folder`. */
export class UnpackedPackage {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get manifest(): Manifest {
    return JSON.parse(this.read('package.json')) as Manifest;
  }

  /** The paths of its files, with slashes. */
  get files(): readonly string[] {
    return readdirSync(this.#folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.#folder, join(entry.parentPath, entry.name)))
      .map((file) => file.replaceAll('\\', '/'));
  }

  /** The first block of TypeScript in its README; undefined when there is none. */
  get example(): string | undefined {
    return /```ts\n(.*?)```/s.exec(this.read('README.md'))?.[1];
  }

  read(file: string): string {
    return readFileSync(join(this.#folder, file), 'utf8');
  }
}
