import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Going } from '#shared/contract/common.ts';
import type { Settings } from '#shared/contract/system.ts';
import { goingText } from '#shared/going-text.ts';
import { useSession } from '../../stores/session.tsx';
import type { SettingsPatch } from '../../stores/engine-store.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import styles from './settings.module.css';

interface SettingFieldProps<Key extends keyof Settings> {
  readonly name: Key;
  readonly label: string;
  readonly value: Settings[Key];
  /** The text of the value in the field. */
  readonly format: (value: Settings[Key]) => string;
  /** Reads what was typed; undefined when it cannot be read. */
  readonly parse: (text: string) => Settings[Key] | undefined;
  /** What to type, with its limits: shown when the input cannot be read or is refused. */
  readonly hint: string;
}

/** A setting as text: saved on Enter or when left, and kept as typed when it is refused. One that removes something asks first. */
export function SettingField<Key extends keyof Settings>({ name, label, value, format, parse, hint }: SettingFieldProps<Key>) {
  const { engine, announce } = useSession();
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [asked, setAsked] = useState<{ readonly value: Settings[Key]; readonly going: Going } | null>(null);
  const put = async (read: Settings[Key], confirm: boolean) => {
    const patch: SettingsPatch = { [name]: read, confirm };
    return await engine.update(patch);
  };
  const saved = () => {
    setTyped(null);
    setError(null);
    announce(`${label} saved`);
  };
  const save = async () => {
    if (asked !== null) return;
    if (typed === null || typed === format(value)) return setTyped(null);
    const read = parse(typed);
    if (read === undefined) return setError(hint);
    const problem = await put(read, false);
    if (problem === null) return saved();
    if (problem.wouldGo !== undefined) return setAsked({ value: read, going: problem.wouldGo });
    setError(problem.code === 'INPUT_INVALID' ? hint : problem.message);
  };
  return (
    <>
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
      <ConfirmDialog
        isOpen={asked !== null}
        onClose={() => {
          setAsked(null);
          setTyped(null);
        }}
        title={`Set "${label}" to ${asked === null ? '' : format(asked.value)}?`}
        consequence={`${asked === null ? '' : goingText(asked.going)} beyond this limit will be removed for good at the next clean-up, within the hour.`}
        actionLabel="Set and remove"
        onConfirm={async () => {
          if (asked === null) return;
          const problem = await put(asked.value, true);
          if (problem === null) return saved();
          setError(problem.message);
        }}
      />
    </>
  );
}
