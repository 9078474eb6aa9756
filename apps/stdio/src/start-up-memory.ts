import { setFlagsFromString } from 'node:v8';

/**
 * Runs `load` without letting V8 enlarge its young generation. What modules make while they load lives on, so
 * a larger one would be of no use and never be given back: 12 MB of an idle server. Later it grows as usual.
 */
export async function loadLean<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  setFlagsFromString('--semi-space-growth-factor=1');
  try {
    return await load();
  } finally {
    setFlagsFromString(`--semi-space-growth-factor=${V8_DEFAULT}`);
  }
}

const V8_DEFAULT = 2;
