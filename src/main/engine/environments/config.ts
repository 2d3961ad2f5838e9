import type { Environment, VariableInput } from '#shared/contract/environments.ts';
import { allVariableCharacters, leastSecretCharacters } from '#shared/contract/environments.ts';
import { invalid } from '../base/refusal.ts';
import { remembered } from '../base/remembered.ts';
import { noVariables, type Variables } from '../templates/variables.ts';

/** A variable with its value in clear. */
export interface StoredVariable {
  readonly name: string;
  readonly value: string;
  readonly isSecret: boolean;
}

/** An environment inside the engine, secrets in clear. Never leaves the engine. */
export interface EnvironmentConfig {
  readonly id: string;
  readonly name: string;
  readonly variables: readonly StoredVariable[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** What templates take of an environment. Always the same object for the same environment. */
export const variablesOf = remembered(({ name, variables }: EnvironmentConfig): Variables => {
  const valuesOf = (isSecret: boolean) =>
    Object.fromEntries(variables.filter((each) => each.isSecret === isSecret).map((each) => [each.name, each.value]));
  return { environment: name, isDeleted: false, plain: valuesOf(false), secret: valuesOf(true) };
});

/** Where the environment of a delivery was deleted since. */
export function variablesOfDeleted(name: string): Variables {
  return { ...noVariables, environment: name, isDeleted: true };
}

/**
 * Variables as given, over those that there were: one without a value keeps it. Throws a Refusal for one that has none, for a secret
 * that would be shown, and for too much text.
 */
export function mergedVariables(given: readonly VariableInput[], before: readonly StoredVariable[]): readonly StoredVariable[] {
  const known = new Map(before.map((variable) => [variable.name, variable]));
  const merged = given.map((variable, index) => mergedVariable(variable, known.get(variable.name), `variables.${index}.value`));
  const characters = merged.reduce((sum, { value }) => sum + value.length, 0);
  if (characters > allVariableCharacters)
    throw invalid(
      'variables',
      `All values together have ${characters} characters, and at most ${allVariableCharacters}: make them shorter.`,
    );
  return merged;
}

function mergedVariable({ name, value, isSecret }: VariableInput, before: StoredVariable | undefined, path: string): StoredVariable {
  if (value !== undefined) return { name, value, isSecret };
  if (before === undefined) throw invalid(path, `Give ${name} a value: there is none yet that could be kept.`);
  if (before.isSecret && !isSecret)
    throw invalid(path, `Type the value of ${name} again: a secret is never shown, so it cannot become plain.`);
  if (isSecret && before.value.length < leastSecretCharacters)
    throw invalid(path, `A secret has at least ${leastSecretCharacters} characters: give ${name} a longer value, or leave it plain.`);
  return { name, value: before.value, isSecret };
}

/** An environment as the contract shows it. */
export function toEnvironment({ id, name, variables, createdAtMs, updatedAtMs }: EnvironmentConfig, activeId: string | null): Environment {
  return {
    id,
    name,
    variables: variables.map((each) => ({ name: each.name, value: each.isSecret ? null : each.value, isSecret: each.isSecret })),
    isActive: id === activeId,
    createdAtMs,
    updatedAtMs,
  };
}
