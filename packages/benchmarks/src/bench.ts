import { type Part, readCommandLine } from './command-line.ts';
import { compare, compareSome } from './comparison/compare.ts';
import { machine } from './machine.ts';
import { type Results, readResults, writeResults } from './results.ts';
import { openSqliteRig, sqliteRound } from './sqlite/figures.ts';
import { stdioRound } from './stdio/figures.ts';
import { ToolsRig } from './tools/rig.ts';

const { only, contenders, rounds } = readCommandLine(process.argv.slice(2));

const MEASURE = {
  postgres: () => compare(rounds),
  async sqlite() {
    const rig = await openSqliteRig();
    const measured = await inRounds(() => sqliteRound(rig));
    for (const engine of Object.values(rig)) await engine.close();
    return measured;
  },
  stdio: () => inRounds(stdioRound),
  async tools() {
    const rig = await ToolsRig.open();
    try {
      const measured = await inRounds(() => rig.round());
      return { ...measured, server: await rig.server.description() };
    } finally {
      await rig.close();
    }
  },
} as const satisfies { readonly [P in Part]: () => Promise<Required<Results>[P]> };

async function inRounds<T>(measure: () => Promise<T>) {
  const measured: T[] = [];
  for (let done = 0; done < rounds; done++) measured.push(await measure());
  return { machine: machine(), rounds: measured };
}

async function measureParts(): Promise<void> {
  let results = await readResults();
  for (const part of Object.keys(MEASURE) as Part[]) {
    if (only !== undefined && only !== part) continue;
    console.log(`measuring ${part}`);
    results = { ...results, [part]: await MEASURE[part]() };
  }
  console.log(await writeResults(results));
}

if (contenders === undefined) await measureParts();
else await compareSome(contenders, rounds);
