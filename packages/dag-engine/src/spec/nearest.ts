import { distance } from 'fastest-levenshtein';

/** The word, other than `except`, that was probably meant; undefined when none is close. */
export type Nearest = (word: string, except?: string) => string | undefined;

/**
 * Knows `words` and finds the one nearest to a misspelt one: case and separators do not count, about
 * one letter in three may be wrong, and a word of which the other is a part is near when nothing else is.
 */
export function nearestOf(words: Iterable<string>): Nearest {
  let folded: readonly (readonly [string, string])[] | undefined;
  return (word, except = word) => {
    folded ??= [...words].map((candidate) => [candidate, fold(candidate)]);
    return nearestAmong(folded, word, except);
  };
}

function nearestAmong(
  folded: readonly (readonly [string, string])[],
  word: string,
  except: string,
): string | undefined {
  const wanted = fold(word);
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const [candidate, letters] of folded) {
    const allowed = Math.floor((Math.max(letters.length, wanted.length) + 1) / 3);
    const least = Math.abs(letters.length - wanted.length);
    if (candidate === word || candidate === except || least >= bestDistance) continue;
    const steps = least > allowed ? Number.POSITIVE_INFINITY : distance(letters, wanted);
    const score = steps <= allowed ? steps : partScore(letters, wanted);
    if (score < bestDistance) {
      best = candidate;
      bestDistance = score;
    }
  }
  return best;
}

/** Worse than any spelling mistake, better the more of the one word the other is. */
function partScore(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 4 && long.includes(short) ? 1_000 + long.length - short.length : Infinity;
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
