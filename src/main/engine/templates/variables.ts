import { remembered } from '../base/remembered.ts';

/** The variables that whatever is rendered for one request may name, from one environment. */
export interface Variables {
  /** Name of the environment; null where none is in use. */
  readonly environment: string | null;
  /** Whether it was deleted, with all its values. */
  readonly isDeleted: boolean;
  readonly plain: Readonly<Record<string, string>>;
  /** For URLs and headers only: a body is kept in the log as it is sent. */
  readonly secret: Readonly<Record<string, string>>;
}

/** Where no environment is in use. */
export const noVariables: Variables = { environment: null, isDeleted: false, plain: {}, secret: {} };

/** What a template can name of an environment. */
export interface VariableScope {
  readonly vars: Readonly<Record<string, string | undefined>>;
  /** Name of the environment; empty where none is in use. */
  readonly environment: string;
}

// Without a `size` of its own, LiquidJS would take the number of variables for one of that name.
const noSize = { size: undefined };

/** The scope of URLs and headers. */
export const headScope = remembered((variables: Variables): VariableScope => ({
  vars: { ...noSize, ...variables.plain, ...variables.secret },
  environment: variables.environment ?? '',
}));

/** The scope of bodies. */
export const bodyScope = remembered((variables: Variables): VariableScope => ({
  vars: { ...noSize, ...variables.plain },
  environment: variables.environment ?? '',
}));

/** The same variables, with secrets by name only. */
export const withoutSecrets = remembered((variables: Variables): Variables => ({
  ...variables,
  secret: Object.fromEntries(Object.keys(variables.secret).map((name) => [name, ''])),
}));

/** Whether a text may name something of the environment, without reading it as a template: in brackets and in expressions of filters, a name may be computed or have escapes. */
export function mayNameVariable(text: string): boolean {
  return /\b(?:vars|environment)\b|\[|_exp\b/.test(text);
}

/** Variables with a stand-in for each that the texts may name but that has no value, or one that they may not have: for trying what is saved. */
export function filledFor(texts: readonly string[], variables: Variables): Variables {
  const named = texts.flatMap((text) => [...text.matchAll(/\bvars(?:\s*\.\s*|\[\s*['"])(\w+)/g)].map(([, name = '']) => name));
  // A digit is a value in JSON, a host and a port.
  return { ...variables, plain: { ...Object.fromEntries(named.map((name) => [name, '0'])), ...variables.plain } };
}

/** Why there is no such variable, as a clause that says what to change; null for a name that is no variable. */
export function missingReason(path: string, { environment, isDeleted, secret }: Variables): string | null {
  const name = /^vars\.(.+)$/.exec(path)?.[1];
  if (name === undefined) return null;
  if (isDeleted) return `the environment ${environment ?? ''} was deleted, and vars.${name} with it. Send the event again with another one`;
  if (environment === null) return `no environment is in use, so there is no vars.${name}. Choose an environment that has it`;
  if (Object.hasOwn(secret, name))
    return `vars.${name} is secret, and a body is kept in the log as it is sent. Use it in the URL or a header, or make it a plain variable`;
  return `the environment ${environment} has no variable ${name}. Add it, or use another environment`;
}
