/** What Node is given to run a program of ours from its sources, fast from the second time on. */
export const FROM_SOURCE: readonly string[] = [
  '--conditions=@tasked/source',
  '--disable-warning=ExperimentalWarning',
  `--import=${new URL('keep-compiled-code.ts', import.meta.url).href}`,
];
