import type { CommandOutline, OutlinedPipeline, PipelineStage } from './command-outline.ts';
import { isHarmless } from './harmless-programs.ts';
import { hasOption, type Invocation } from './invocation.ts';
import { quoted } from './quoted.ts';

/** Words of whoever takes care of every exit code of a pipeline. */
const CARES = /\bpipefail\b|\bPIPESTATUS\b/;

/** The first pipeline in which the exit code of a command that may fail is not seen; null when all are well. */
export function hiddenExitCode({ source, pipelines }: CommandOutline): string | null {
  if (CARES.test(source)) return null;
  for (const pipeline of pipelines) {
    const hidden = hiddenStage(pipeline);
    if (hidden !== undefined) return warning(pipeline, hidden);
  }
  return null;
}

function hiddenStage({ stages }: OutlinedPipeline): PipelineStage | undefined {
  const last = stages.at(-1);
  if (last?.invocations.some(isTest)) return undefined;
  return stages.slice(0, -1).find(({ invocations }) => !invocations.every(isHarmless));
}

/** `grep -q` fails when nothing comes: a failure before it is seen. */
function isTest({ program, args }: Invocation): boolean {
  return /^(?:[ef]?grep|rg)$/.test(program) && hasOption(args, 'q', ['--quiet', '--silent']);
}

function warning({ stages }: OutlinedPipeline, hidden: PipelineStage): string {
  const last = stages.at(-1) as PipelineStage;
  const says = `if ${quoted(hidden.source)} fails, the task succeeds all the same: of a pipeline only the exit code of the last command counts, here ${quoted(last.source)}`;
  const isOnlyForReading = last.invocations.every(({ program }) => READERS.has(program));
  return isOnlyForReading && stages.length === 2
    ? `${says}; leave that out: what is printed is kept, and can be read by its tail`
    : `${says}; run it as "command": "bash", "args": ["-o", "pipefail", "-c", "…"]`;
}

/** What agents write to keep an output, or to keep it short. */
const READERS: ReadonlySet<string> = new Set(['tee', 'tail', 'head', 'cat', 'less', 'more']);
