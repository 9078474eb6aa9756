import { INTERACTIVE_RULES, type InteractiveRule } from './interactive-programs.ts';
import type { Invocation } from './invocation.ts';
import { quoted } from './quoted.ts';

const RULES: ReadonlyMap<string, InteractiveRule> = new Map(
  INTERACTIVE_RULES.flatMap((rule) => rule.programs.map((program) => [program, rule] as const)),
);

/** The first program that waits for somebody at a terminal; null when none does. */
export function needsSomebody(invocations: readonly Invocation[]): string | null {
  for (const invocation of invocations) {
    const rule = RULES.get(invocation.program);
    if (rule === undefined || onlyInforms(invocation) || rule.needsNobody(invocation)) continue;
    return `${quoted(invocation.source)} wants somebody at a terminal, and nobody is there: ${rule.advice}`;
  }
  return null;
}

function onlyInforms({ args }: Invocation): boolean {
  return args.some((arg) => /^(?:--version|--help|-V)$/.test(arg));
}
