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
function placeholderOf(output: string): string {
  return `[secret ${outputText(output)}]`;
}

/** What an output made of a secret. */
export interface SecretOutput {
  readonly text: string;
  /** What stands in its place wherever it is kept or shown. */
  readonly shown: string;
}

/** The text that an output made, and the values in it, where it names secrets: an answer may quote a value where the request has something made of it. */
export function secretOutputs(output: CompiledTemplate, text: string, variables: Variables): readonly SecretOutput[] {
  const named = secretsIn(output, variables);
  if (named.length === 0) return [];
  const shown = placeholderOf(output.source);
  return [...new Set([text, ...named.map((name) => variables.secret[name] ?? '')])]
    .filter((each) => each !== '')
    .map((each) => ({ text: each, shown }));
}

/** The same for every output of a text without tags. */
export function secretsOfText(
  source: string,
  variables: Variables,
  render: (template: CompiledTemplate) => string,
): readonly SecretOutput[] {
  return cutOutputs(source).flatMap(({ text, isOutput }) => {
    if (!isOutput) return [];
    const template = unreadTemplate(text);
    return secretsIn(template, variables).length === 0 ? [] : secretOutputs(template, render(template), variables);
  });
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
