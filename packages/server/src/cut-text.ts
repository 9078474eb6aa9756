/** A text cut to `maxChars` UTF-16 units at most, never through a character. */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const last = text.charCodeAt(maxChars - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? maxChars - 1 : maxChars);
}

/** A text cut so that it takes at most `maxChars` characters as a JSON string, quotes included. */
export function cutToJson(text: string, maxChars: number): string {
  let cut = cutText(text, maxChars);
  for (;;) {
    const length = JSON.stringify(cut).length;
    if (length <= maxChars) return cut;
    const fewer = Math.floor((cut.length * maxChars) / length);
    cut = cutText(cut, Math.min(cut.length - 1, fewer));
  }
}
