import { headerLiteral, textLiteral, type LiteralLanguage } from '#shared/request-code/literals.ts';
import { base64Text } from '#shared/text/declared-body.ts';
import { utf8TextOrNull } from '#shared/text/text-codec.ts';
import { capitalised } from '#shared/text/capitalised.ts';
import { comment } from '../code-text.ts';
import type { FreshHeader } from './fresh-signature.ts';
import type { TestHeader, TestPlan } from './plan.ts';

/** Writes tests for one framework. */
export interface TestWriter {
  readonly filename: (words: readonly string[]) => string;
  readonly write: (plan: TestPlan, filename: string) => string;
  /** What the client of the language sends otherwise than the request, a sentence each. */
  readonly notes: (plan: TestPlan) => readonly string[];
}

/** How a language writes the values of headers. */
interface ValueSyntax {
  readonly language: LiteralLanguage;
  readonly joint: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly secret: string;
  /** The value of an environment variable that has to be set. */
  readonly setting: (variable: string) => string;
}

/** Expressions for the values of headers in a language. */
export function valuesIn(syntax: ValueSyntax) {
  const { language } = syntax;
  return {
    captured: (header: TestHeader) =>
      header.kind === 'variable' ? syntax.setting(header.variable) : headerLiteral(header.value, language),
    fresh: ({ value }: FreshHeader) =>
      value.map((part) => (part.kind === 'text' ? textLiteral(part.text, language) : syntax[part.kind])).join(syntax.joint),
  };
}

/** The body as a literal: its text, or base64 where it is none. */
export function bodyLiteral(body: Uint8Array, language: LiteralLanguage): { readonly isText: boolean; readonly literal: string } {
  const text = utf8TextOrNull(body);
  return { isText: text !== null, literal: text === null ? `"${base64Text(body)}"` : textLiteral(text, language) };
}

/** The comment at the top, which ends with how the test is started. */
export function testHeading(mark: string, { heading, required }: TestPlan, command: string): readonly string[] {
  const start = [...required.map((name) => `${name}=...`), command].join(' ');
  return [...heading.flatMap((sentence) => comment(mark, sentence)), `${mark} ${start}`];
}

/** Whether the test reads environment variables that have to be set. */
export function needsSettings({ required }: TestPlan): boolean {
  return required.length > 0;
}

/** Words as `InvoicePaid`. */
export function pascalCase(words: readonly string[]): string {
  return words.map(capitalised).join('');
}

/** Names of headers that the request has more than once. */
export function repeatedHeaders({ headers }: TestPlan): readonly string[] {
  const names = headers.map(({ name }) => name.toLowerCase());
  return [...new Set(names.filter((name, index) => names.indexOf(name) < index))];
}
