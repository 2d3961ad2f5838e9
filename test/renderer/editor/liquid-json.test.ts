import { describe, expect, it } from 'vitest';
import { jsonViewGrammar, liquidJsonGrammar } from '../../../src/renderer/editor/liquid-json.ts';

type Rule = readonly [pattern: RegExp, action: unknown, next?: unknown];

const grammars = { template: liquidJsonGrammar, viewer: jsonViewGrammar };

/** Rules of a grammar with their state; includes are left out. */
function rulesOf(grammar: typeof liquidJsonGrammar): readonly (readonly [state: string, rule: Rule])[] {
  return Object.entries(grammar.tokenizer).flatMap(([state, rules]) =>
    rules.flatMap((rule): (readonly [string, Rule])[] =>
      Array.isArray(rule) && rule[0] instanceof RegExp ? [[state, rule as unknown as Rule]] : [],
    ),
  );
}

function targetsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return /^@(?!pop$|rematch$|default$|operators$)/.test(value) ? [value.slice(1)] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(targetsOf);
}

describe.each(Object.entries(grammars))('the grammar of the %s', (_name, grammar) => {
  it('gives each group of a rule its own token, and has no group that may be missing, which Monaco cannot take', () => {
    for (const [state, [pattern, action]] of rulesOf(grammar)) {
      if (!Array.isArray(action)) continue;
      const groups = (new RegExp(`${pattern.source}|`).exec('') ?? []).length - 1;
      expect(groups, `${state}: ${pattern.source}`).toBe(action.length);
      expect(pattern.source, state).not.toMatch(/\)[?*]|\{0,/);
    }
  });

  it('has every state that a rule goes to', () => {
    const states = Object.keys(grammar.tokenizer);
    expect(
      rulesOf(grammar)
        .flatMap(([, [, action, next]]) => [...targetsOf(action), ...targetsOf(next)])
        .filter((target) => !states.includes(target)),
    ).toEqual([]);
  });

  it('has no rule that matches nothing, which would stop the tokenizer', () => {
    expect(rulesOf(grammar).filter(([, [pattern]]) => new RegExp(`^(?:${pattern.source})$`).test(''))).toEqual([]);
  });
});
