import { TextInput } from '@mantine/core';
import { createContext, useContext } from 'react';
import { MarkedField } from '../../ui/field-marks.tsx';
import { settingFields, type SettingTexts, type TextSetting } from './setting-fields.ts';
import styles from './settings.module.css';

/** The form that the fields stand in. */
export interface SettingsForm {
  readonly texts: SettingTexts;
  readonly errors: Readonly<Record<string, string>>;
  readonly set: (name: TextSetting, text: string) => void;
}

/** Gives the form to the fields below it. */
export const SettingsFormContext = createContext<SettingsForm | null>(null);

/** A setting as text, saved with the others by the bar. */
export function SettingField({ name }: { readonly name: TextSetting }) {
  const form = useContext(SettingsFormContext);
  if (form === null) return null;
  const { label, hint, isLong = false } = settingFields[name];
  return (
    <MarkedField name={name} className={styles['place']}>
      <TextInput
        className={styles[isLong ? 'longField' : 'field'] ?? ''}
        aria-label={label}
        value={form.texts[name]}
        error={form.errors[name] === undefined ? undefined : isLong ? form.errors[name] : hint}
        onChange={(event) => form.set(name, event.currentTarget.value)}
      />
    </MarkedField>
  );
}
