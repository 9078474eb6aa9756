import { median, spread } from './statistics.ts';

/** What a figure is called, and its limit where one is set. */
export interface Figure {
  readonly title: string;
  readonly unit: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One round's figures. */
export type Round<Name extends string> = Readonly<Record<Name, number>>;

/** Figures of several rounds as a table of Markdown. */
export function figureTable<Name extends string>(
  figures: Readonly<Record<Name, Figure>>,
  rounds: readonly Round<Name>[],
): string {
  // Rounds of an earlier run may lack what was not measured then.
  const names = (Object.keys(figures) as Name[]).filter((name) =>
    rounds.every((round) => name in round),
  );
  const rows = names.map((name) =>
    figureRow(
      figures[name],
      rounds.map((round) => round[name]),
    ),
  );
  return ['| what | median | spread | to reach | |', '|---|---:|---:|---:|---|', ...rows].join(
    '\n',
  );
}

function figureRow(figure: Figure, values: readonly number[]): string {
  const middle = median(values);
  const cells = [
    figure.title,
    `${readable(middle)} ${figure.unit}`,
    percent(spread(values)),
    limitOf(figure),
    verdict(figure, middle),
  ];
  return `| ${cells.join(' | ')} |`;
}

function limitOf({ atLeast, atMost, unit }: Figure): string {
  if (atLeast !== undefined) return `≥ ${readable(atLeast)} ${unit}`;
  if (atMost !== undefined) return `≤ ${readable(atMost)} ${unit}`;
  return '';
}

function verdict({ atLeast, atMost }: Figure, value: number): string {
  if (atLeast !== undefined) return reached(value >= atLeast);
  if (atMost !== undefined) return reached(value <= atMost);
  return '';
}

/** How a report says whether something reached its limit. */
export function reached(itDid: boolean): string {
  return itDid ? 'reached' : '**missed**';
}

/** A number with as many digits as people read. */
export function readable(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** A fraction in percent. */
export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}
