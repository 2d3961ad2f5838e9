import type { Environment, VariableInput } from '#shared/contract/environments.ts';
import type { FormWords } from '../../base/form-words.ts';

/** One variable while it is edited. */
export interface VariableRow {
  /** Identifies it in the form. */
  readonly key: string;
  readonly name: string;
  /** Of a plain variable; what is typed of a secret is kept apart. */
  readonly value: string;
  readonly isSecret: boolean;
  /** Whether the engine has a value, which stays unless another is typed. */
  readonly isStored: boolean;
  /** Whether what the engine has is secret, so that it cannot be shown. */
  readonly isStoredSecret: boolean;
}

/** An environment while it is edited. `secret` has that name because no field of that name is kept when the page is left. */
export interface EnvironmentDraft {
  readonly name: string;
  readonly variables: readonly VariableRow[];
  /** Values that are typed for secret variables, by the key of the row. */
  readonly secret: Readonly<Record<string, string>>;
}

const blankRow = { name: '', value: '', isSecret: false, isStored: false, isStoredSecret: false } as const;

/** What a new environment begins as. */
export const newEnvironment: EnvironmentDraft = { name: '', variables: [{ ...blankRow, key: 'new 1' }], secret: {} };

/** The draft of an environment as it is. */
export function environmentDraftOf({ name, variables }: Pick<Environment, 'name' | 'variables'>): EnvironmentDraft {
  return {
    name,
    variables: variables.map((variable) => ({
      key: variable.name,
      name: variable.name,
      value: variable.value ?? '',
      isSecret: variable.isSecret,
      isStored: true,
      isStoredSecret: variable.isSecret,
    })),
    secret: {},
  };
}

/** Rows with an empty one at the end. */
export function withNewRow(rows: readonly VariableRow[]): readonly VariableRow[] {
  const taken = new Set(rows.map(({ key }) => key));
  let number = rows.length + 1;
  while (taken.has(`new ${number}`)) number += 1;
  return [...rows, { ...blankRow, key: `new ${number}` }];
}

/** The draft after a variable was made secret, or plain: what is typed goes along, what is stored and secret does not. */
export function withSecrecy(draft: EnvironmentDraft, { key, value }: VariableRow, isSecret: boolean): EnvironmentDraft {
  const { [key]: typed, ...others } = draft.secret;
  const changed = (row: VariableRow): VariableRow => ({ ...row, isSecret, value: isSecret ? '' : (typed ?? row.value) });
  return {
    ...draft,
    variables: draft.variables.map((row) => (row.key === key ? changed(row) : row)),
    secret: isSecret && value !== '' ? { ...others, [key]: value } : others,
  };
}

/** The rows that are sent, in their order: one in which nothing was typed is none. */
export function sentRows({ variables, secret }: EnvironmentDraft): readonly VariableRow[] {
  return variables.filter(({ key, name, value }) => name.trim() !== '' || value !== '' || (secret[key] ?? '') !== '');
}

/** The variables as the contract takes them: what the engine has and nobody typed anew is left out. */
export function variablesOf(draft: EnvironmentDraft): VariableInput[] {
  return sentRows(draft).map(({ key, name, value, isSecret, isStored, isStoredSecret }) => {
    const typed = draft.secret[key] ?? '';
    const given = { name: name.trim(), isSecret };
    // A renamed variable is another one, and its value has to be given.
    const isKept = isStored && key === name.trim();
    if (isSecret) return typed === '' && isKept ? given : { ...given, value: typed };
    return isStoredSecret && isKept && value === '' ? given : { ...given, value };
  });
}

/** The fields of the form. */
export const environmentWords: FormWords = [
  { name: 'name', label: 'Name' },
  { name: 'variables', label: 'Variables', say: (value) => (value as readonly VariableRow[]).map(({ name }) => name).join(', ') || 'none' },
  { name: 'secret', label: 'Secrets', say: () => 'not shown' },
];
