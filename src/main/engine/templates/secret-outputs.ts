import { cutOutputs, outputText } from '#shared/contract/template-outputs.ts';
import { remembered } from '../base/remembered.ts';
import { unreadTemplate, variablesIn, type CompiledTemplate } from './template.ts';
import type { Variables } from './variables.ts';

/** The names of the secret variables that a template may print. */
export function secretsIn(template: CompiledTemplate, { secret }: Variables): readonly string[] {
  const secrets = Object.keys(secret);
  if (secrets.length === 0) return [];
  const names = namesOf(template);
  return names === null ? secrets : secrets.filter((name) => names.has(name));
}

const namesOf = remembered(variablesIn);

/** What stands in place of the text that an output makes of a secret. It cannot be taken for a value. */
export function placeholderOf(output: string): string {
  return `[secret ${outputText(output)}]`;
}

/** A text of outputs without tags, with placeholders for the outputs that name a secret. */
export function shownText(source: string, variables: Variables, render: (template: CompiledTemplate) => string): string {
  return cutOutputs(source)
    .map(({ text, isOutput }) => {
      if (!isOutput) return text;
      const template = unreadTemplate(text);
      return secretsIn(template, variables).length > 0 ? placeholderOf(text) : render(template);
    })
    .join('');
}
