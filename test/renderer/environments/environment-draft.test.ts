import { describe, expect, it } from 'vitest';
import {
  environmentDraftOf,
  newEnvironment,
  variablesOf,
  withNewRow,
  withSecrecy,
  type EnvironmentDraft,
  type VariableRow,
} from '../../../src/renderer/features/environments/environment-draft.ts';

const saved = environmentDraftOf({
  name: 'staging',
  variables: [
    { name: 'host', value: 'a', isSecret: false },
    { name: 'token', value: null, isSecret: true },
  ],
});

const rowAt = ({ variables }: EnvironmentDraft, index: number): VariableRow =>
  variables[index] ?? (newEnvironment.variables[0] as VariableRow);
const withRow = (draft: EnvironmentDraft, index: number, change: Partial<VariableRow>): EnvironmentDraft => ({
  ...draft,
  variables: draft.variables.map((row, at) => (at === index ? { ...row, ...change } : row)),
});

describe('the variables of a form', () => {
  it('leave out a secret that nobody typed, and send what is typed for it', () => {
    expect(variablesOf(saved)).toEqual([
      { name: 'host', value: 'a', isSecret: false },
      { name: 'token', isSecret: true },
    ]);
    expect(variablesOf({ ...saved, secret: { token: 'typed' } })[1]).toEqual({ name: 'token', isSecret: true, value: 'typed' });
  });

  it('leave out rows in which nothing was typed', () => {
    expect(variablesOf(newEnvironment)).toEqual([]);
    const rows = withNewRow(withNewRow(newEnvironment.variables));
    expect(new Set(rows.map(({ key }) => key)).size).toBe(3);
    expect(variablesOf({ ...newEnvironment, variables: rows, secret: { [rows[2]?.key ?? '']: 'only a value' } })).toEqual([
      { name: '', value: '', isSecret: false },
    ]);
  });

  it('ask for the value of a renamed secret', () => {
    expect(variablesOf(withRow(saved, 1, { name: 'key' }))[1]).toEqual({ name: 'key', isSecret: true, value: '' });
  });

  it('take what is typed along when a variable becomes secret or plain, and never what is stored and secret', () => {
    const typed = withSecrecy(saved, rowAt(saved, 0), true);
    expect(typed.secret).toEqual({ host: 'a' });
    expect(rowAt(typed, 0)).toMatchObject({ isSecret: true, value: '' });
    const back = withSecrecy(typed, rowAt(typed, 0), false);
    expect(back).toEqual(saved);
    const open = withSecrecy(saved, rowAt(saved, 1), false);
    expect(variablesOf(open)[1]).toEqual({ name: 'token', isSecret: false });
    expect(variablesOf(withRow(open, 1, { value: 'again' }))[1]).toEqual({ name: 'token', isSecret: false, value: 'again' });
  });
});
