import { useState, type ReactNode } from 'react';
import type { Settings } from '#shared/contract/system.ts';
import { goingText } from '#shared/going-text.ts';
import { unreadable, type Problem } from '../../base/problem.ts';
import { useSession } from '../../stores/session.tsx';
import { useEdits } from '../../stores/use-edits.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { EditForm } from '../../ui/edit-form.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { useSaving } from '../../ui/use-saving.ts';
import { SettingsFormContext } from './setting-field.tsx';
import { readSettings, settingNames, settingWords, textsOf } from './setting-fields.ts';
import styles from './settings.module.css';

interface GeneralFormProps {
  readonly settings: Settings;
  /** Ends the search, which may hide a field that is wrong or marked. */
  readonly onShowAll: () => void;
  readonly children: ReactNode;
}

/** The settings that are typed, as one form. Limits that take something out of the log ask first. */
export function GeneralForm({ settings, onShowAll, children }: GeneralFormProps) {
  const { client, engine } = useSession();
  const edits = useEdits('settings', textsOf(settings));
  const [isPutAside, setPutAside] = useState(false);
  const submit = (confirm: boolean): Promise<{ readonly name: string; readonly settings: Settings }> | Problem => {
    const read = readSettings(edits.draft, edits.edited);
    if ('issues' in read) return unreadable(read.issues);
    return client.system.updateSettings({ ...read.value, confirm }).then((saved) => ({ name: 'Settings', settings: saved }));
  };
  const onSaved = ({ settings: saved }: { readonly settings: Settings }) => {
    engine.accept(saved);
    edits.saved(textsOf(saved));
  };
  const saving = useSaving({
    fields: settingNames,
    submit: () => {
      setPutAside(false);
      return submit(false);
    },
    onSaved,
  });
  const going = saving.problem?.wouldGo;
  return (
    <EditForm className={styles['form']} edits={edits} words={settingWords} saving={saving} showAll={onShowAll}>
      <SettingsFormContext
        value={{
          texts: edits.draft,
          errors: saving.errors,
          set: (name, text) => {
            saving.touch([name]);
            edits.set({ [name]: text });
          },
        }}
      >
        <div className={styles['scroll']}>
          <div className={styles['page']}>
            {going === undefined && <ErrorNotice problem={saving.problem} rest={saving.rest} />}
            {children}
          </div>
        </div>
      </SettingsFormContext>
      <ConfirmDialog
        isOpen={going !== undefined && !isPutAside}
        onClose={() => setPutAside(true)}
        title="Save and remove what is beyond the limits?"
        consequence={`${going === undefined ? '' : goingText(going)} beyond these limits will be removed for good at the next clean-up, within the hour.`}
        actionLabel="Save and remove"
        onConfirm={async () => {
          const submitted = submit(true);
          if (!(submitted instanceof Promise)) return;
          onSaved(await submitted);
          saving.clear();
        }}
      />
    </EditForm>
  );
}
