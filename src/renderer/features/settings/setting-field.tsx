import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Settings } from '#shared/contract/system.ts';
import { useSession } from '../../session.tsx';
import styles from './settings.module.css';

interface SettingFieldProps<Key extends keyof Settings> {
  readonly name: Key;
  readonly label: string;
  readonly value: Settings[Key];
  /** How the value stands in the field. */
  readonly format: (value: Settings[Key]) => string;
  /** Reads what was typed; undefined when it cannot be read. */
  readonly parse: (text: string) => Settings[Key] | undefined;
  /** What to type, with its limits: said when it cannot be read or is refused. */
  readonly hint: string;
}

/** A setting as text: saved on Enter or when left, and kept as typed when it is refused. */
export function SettingField<Key extends keyof Settings>({ name, label, value, format, parse, hint }: SettingFieldProps<Key>) {
  const { engine, announce } = useSession();
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const save = async () => {
    if (typed === null || typed === format(value)) return setTyped(null);
    const read = parse(typed);
    if (read === undefined) return setError(hint);
    const patch: Partial<Settings> = { [name]: read };
    const problem = await engine.update(patch);
    setError(problem === null ? null : problem.code === 'INPUT_INVALID' ? hint : problem.message);
    if (problem !== null) return;
    setTyped(null);
    announce(`${label} saved`);
  };
  return (
    <TextInput
      className={styles['field'] ?? ''}
      aria-label={label}
      value={typed ?? format(value)}
      error={error}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void save();
        if (event.key !== 'Escape') return;
        setTyped(null);
        setError(null);
      }}
    />
  );
}
