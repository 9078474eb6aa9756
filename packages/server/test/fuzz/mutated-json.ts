import fc from 'fast-check';

/** A value, and where it stands in its parent. */
type Place = readonly (string | number)[];

/** Any JSON, odd keys and numbers included. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom(
    ...[null, true, false, 0, -0, -1, 1.5, 1e308, 2 ** 53, '', ' ', '0', 'null', '[]', '{}'],
    ...[
      '\u0000',
      '\ud800',
      '💥',
      '../../etc/passwd',
      "'; drop table flow; --",
      '${tasks.a.output}',
    ],
  ),
  fc.record({ __proto__: fc.jsonValue(), constructor: fc.jsonValue() }),
  fc.integer({ min: 1, max: 2_000 }).map((depth) => JSON.parse(nested(depth)) as unknown),
  fc.integer({ min: 1, max: 20_000 }).map((length) => 'x'.repeat(length)),
);

/** `valid` with a few of its parts replaced, taken away, doubled, renamed or written as text. */
export function mutatedJson(valid: unknown): fc.Arbitrary<unknown> {
  const change = fc.tuple(fc.nat(), fc.constantFrom(...CHANGES), anyJson, fc.string());
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    let value = structuredClone(valid);
    for (const [at, kind, json, text] of changes) {
      const places = placesIn(value);
      value = changed(value, places[at % places.length] as Place, { kind, json, text });
    }
    return value;
  });
}

const CHANGES = ['replace', 'remove', 'double', 'rename', 'stringify', 'wrap'] as const;

interface Change {
  readonly kind: (typeof CHANGES)[number];
  readonly json: unknown;
  readonly text: string;
}

function nested(depth: number): string {
  return `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`;
}

function placesIn(value: unknown, place: Place = []): readonly Place[] {
  if (typeof value !== 'object' || value === null || place.length > 5) return [place];
  const below = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [place, ...below.flatMap(([key, each]) => placesIn(each, [...place, key]))];
}

function changed(value: unknown, [key, ...rest]: Place, change: Change): unknown {
  if (key === undefined) return changedHere(value, change);
  if (Array.isArray(value)) return changedList(value, key as number, { rest, change });
  const entries = Object.entries(value as object).flatMap(([name, each]): [string, unknown][] => {
    if (name !== key) return [[name, each]];
    if (rest.length > 0) return [[name, changed(each, rest, change)]];
    if (change.kind === 'remove') return [];
    if (change.kind === 'rename') return [[`${name}${change.text.slice(0, 1)}`, each]];
    return [[name, changedHere(each, change)]];
  });
  return Object.fromEntries(entries);
}

function changedList(
  list: readonly unknown[],
  index: number,
  { rest, change }: { readonly rest: Place; readonly change: Change },
): readonly unknown[] {
  return list.flatMap((each, at) => {
    if (at !== index) return [each];
    if (rest.length > 0) return [changed(each, rest, change)];
    if (change.kind === 'remove') return [];
    return change.kind === 'double' ? [each, each] : [changedHere(each, change)];
  });
}

function changedHere(value: unknown, { kind, json }: Change): unknown {
  if (kind === 'stringify') return JSON.stringify(value);
  return kind === 'wrap' ? [value] : json;
}
