/** Where the flow finds its data and its scripts, and where it works. Absolute paths. */
export interface RiverFolders {
  readonly data: string;
  readonly scripts: string;
  readonly work: string;
}

/** In the folder it works in, every start of a task adds a line to this file: the task's id. */
export const STARTED_FILE = 'started.txt';

/**
 * The flow that the demo submits: split the readings by gauge, measure every gauge, join what was measured,
 * make a report of it. What one task prints reaches another as `${tasks.<id>.output.stdout}`.
 */
export function riverFlow(gauges: readonly string[], folders: RiverFolders) {
  const shell = ({ id, command, after, env = {} }: ShellTask) => ({
    id,
    executor: 'shell',
    depends_on: after,
    config: {
      command: `echo ${id} >> ${STARTED_FILE} && ${command}`,
      cwd: folders.work,
      env: { DATA: folders.data, SCRIPTS: folders.scripts, ...env },
    },
  });
  const measured = gauges.map((gauge) => `"\${tasks.${gauge}.output.stdout}"`).join(' ');
  return {
    queue: 'river',
    queue_config: { concurrency: 4 },
    tasks: [
      shell({ id: 'split', command: 'awk -F, -f "$SCRIPTS/split.awk" "$DATA"', after: [] }),
      ...gauges.map((gauge) =>
        shell({ id: gauge, command: `sh "$SCRIPTS/measure.sh" ${gauge}`, after: ['split'] }),
      ),
      shell({ id: 'join', command: `printf %s ${measured} | sort -t, -k3,3nr`, after: gauges }),
      shell({
        id: 'report',
        command: 'printf %s "${tasks.join.output.stdout}" | awk -F, -f "$SCRIPTS/report.awk"',
        after: ['split', 'join'],
        env: { READINGS: '${tasks.split.output.stdout}' },
      }),
    ],
  };
}

interface ShellTask {
  readonly id: string;
  readonly command: string;
  readonly after: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}
