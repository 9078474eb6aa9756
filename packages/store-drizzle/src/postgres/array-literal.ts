/** What an array of PostgreSQL may hold. */
export type Element = string | number | boolean | null;

/**
 * An array as PostgreSQL reads it: `unnest` takes it apart in a fraction of the time that JSON needs. The driver
 * could write it too, once it had asked the server for its types.
 */
export function arrayLiteral(elements: readonly Element[]): string {
  return `{${elements.map(literal).join(',')}}`;
}

const TO_ESCAPE = /["\\]/;
const ALL_TO_ESCAPE = /["\\]/g;

function literal(element: Element): string {
  if (typeof element !== 'string') return String(element);
  return TO_ESCAPE.test(element)
    ? `"${element.replaceAll(ALL_TO_ESCAPE, '\\$&')}"`
    : `"${element}"`;
}

/** The array, or an empty one if none of its elements says anything: `unnest` takes both for nulls. */
export function unlessSilent(elements: readonly Element[]): readonly Element[] {
  return elements.some((element) => element !== null) ? elements : [];
}
