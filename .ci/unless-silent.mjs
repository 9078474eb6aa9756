/**
 * Runs a command, and ends it when it hangs: node .ci/unless-silent.mjs <minutes> <command> [argument …]
 *
 * A command that prints nothing for so many minutes is ended together with all the processes of its group, and
 * this exits with 124. How long it takes altogether is up to the machine.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const [minutes, command, ...args] = process.argv.slice(2);

const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });

function endGroup(signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // All of them have ended.
  }
}

function giveUp() {
  const line = [command, ...args].join(' ');
  process.stdout.write(
    `\n"${line}" hangs: it printed nothing for ${minutes} minutes and was ended\n`,
  );
  endGroup('SIGKILL');
  process.exitCode = 124;
  // A process outside of the group may hold what it prints to open.
  child.stdout.destroy();
  child.stderr.destroy();
}

const silence = setTimeout(giveUp, Number(minutes) * 60_000);
for (const stream of [child.stdout, child.stderr]) {
  stream.on('data', (printed) => {
    silence.refresh();
    process.stdout.write(printed);
  });
}

// The group is not that of the terminal, so what one does to stop us has to be passed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => endGroup(signal));

child.on('error', (error) => {
  clearTimeout(silence);
  process.stdout.write(`cannot run ${command}: ${error.message}\n`);
  process.exitCode = 127;
});
child.on('close', (code, signal) => {
  clearTimeout(silence);
  process.exitCode ??= signal ? 128 + constants.signals[signal] : code;
});
