import { Command, InvalidArgumentError, Option } from 'commander';
import { CANDIDATES, type CandidateName } from './comparison/candidates.ts';

/** The parts of the benchmarks. */
export const PARTS = ['postgres', 'sqlite', 'stdio', 'tools'] as const;

export type Part = (typeof PARTS)[number];

/** What is to be measured. */
export interface BenchSettings {
  readonly only?: Part;
  readonly contenders?: readonly CandidateName[];
  readonly rounds: number;
}

/** Reads the command line. Help is printed, faults are told, and the process exits then. */
export function readCommandLine(args: readonly string[]): BenchSettings {
  return new Command('bench')
    .description('Measures us and our peers; writes RESULTS.md and results.json.')
    .addOption(
      new Option('--only <part>', 'one part; what is known of the others stays').choices([
        ...PARTS,
      ]),
    )
    .addOption(
      new Option(
        '--contenders <names>',
        'compare only these on PostgreSQL, print and write nothing',
      )
        .argParser(contenders)
        .conflicts('only'),
    )
    .option('--rounds <n>', 'how often everything is measured', rounds, 3)
    .parse(args, { from: 'user' })
    .opts<BenchSettings>();
}

function contenders(text: string): readonly CandidateName[] {
  const names = Object.keys(CANDIDATES) as CandidateName[];
  return text.split(',').map((word) => {
    const name = names.find((each) => each === word);
    if (name === undefined) throw new InvalidArgumentError(`They are ${names.join(', ')}.`);
    return name;
  });
}

function rounds(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 100) return number;
  throw new InvalidArgumentError('It must be a whole number from 1 to 100.');
}
