import fc from 'fast-check';

/** Any text that an environment variable can hold, with what shells care about more often than not. */
export const randomValue = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...split(
          '"·\'·`·\\·$·$(·)·${·}·;·&·|·<·>·#·!·~·*·?·[·]·=·-· ·\t·\n·\r·\u0001·\u007f·é·💥·E·x',
        ),
        ...split('"; touch PWNED; echo "·\nE\ntouch PWNED\n·$(touch PWNED)·`touch PWNED`'),
        ...split("'; touch PWNED; '·a[$(touch PWNED)]·) ; touch PWNED ; (·}; touch PWNED; {"),
      ),
      fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const PARTS: readonly string[] = [
  ...split(
    "\"·\"·'·'·\\·$·`·${x:-·${x+·${x%·${#x}·$x·}·#·\n· ·\t·<<E·<<-E·<<'E'·\nE\n·E·\\\n·$1·$\"·$'·\\'",
  ),
  ...split(
    'case ·esac·in a) ·;;·;·|· && ·$((·((·))·(·{ ·; }·printf "%s|" ·cat ·x=·y=1;·eval ·[[ · ]]·[ · ]',
  ),
  ...split(
    'a[·]·if ·; then ·; fi·for i in ·; do ·; done·=·-c ·sh ·trap ·~·*·<<<·set -- ·"$@"·!·function f { ',
  ),
  ...split('f() { ·f'),
];

const STARTS: readonly string[] = split('printf "%s|" ·cat <<E\n·x=·printf %s "·printf %s ${x:-');

/** Commands put together from what makes it hard to tell how the reference in them is quoted. */
export function randomCommand(reference: string): fc.Arbitrary<string> {
  return assembled(reference, STARTS, PARTS);
}

/**
 * Random commands with command substitutions. What those print is split and loses the newlines at its
 * end when they stand outside quotes, so the commands switch the first off.
 */
export function randomSubstitution(reference: string): fc.Arbitrary<string> {
  const starts = split(
    'printf %s $(printf %s ·printf %s "$(printf %s ·x=$(cat <<E\n·cat <<E\n$(printf %s ',
  );
  const parts = [...PARTS, ...split('$(·$(·)·)·<(·2>&1')];
  return assembled(reference, starts, parts).map((command) => `IFS=; set -f\n${command}`);
}

function assembled(
  reference: string,
  starts: readonly string[],
  parts: readonly string[],
): fc.Arbitrary<string> {
  const part = fc.oneof(
    { weight: 1, arbitrary: fc.constant(reference) },
    { weight: 6, arbitrary: fc.constantFrom(...parts) },
  );
  return (
    fc
      .tuple(fc.constantFrom(...starts), fc.array(part, { minLength: 2, maxLength: 14 }))
      .map(([start, rest]) => `${start}${rest.join('')}`)
      // The process id differs from run to run.
      .filter((command) => command.includes(reference) && !command.includes('$$'))
  );
}

function split(words: string): readonly string[] {
  return words.split('·');
}
