import { writeFile } from 'node:fs/promises';
import { openRig, round } from './figures.ts';
import { type Round, toJson, toMarkdown } from './report.ts';

const ROUNDS = 3;

const rig = await openRig();
const rounds: Round[] = [];
for (let done = 0; done < ROUNDS; done++) {
  console.log(`round ${done + 1} of ${ROUNDS}`);
  rounds.push(await round(rig));
}
for (const engine of Object.values(rig)) await engine.close();
const markdown = toMarkdown(rounds);
await writeFile(new URL('../RESULTS.md', import.meta.url), markdown);
await writeFile(
  new URL('../results.json', import.meta.url),
  `${JSON.stringify(toJson(rounds), null, 2)}\n`,
);
console.log(markdown);
