import type { ReactNode } from 'react';
import { useKeys } from '../stores/session.tsx';
import { CloseDetail } from './close-detail.tsx';
import { ErrorNotice } from './error-notice.tsx';
import { UnsavedBar } from './unsaved-bar.tsx';
import { useFirstError } from './first-error.ts';
import type { Saving } from './use-saving.ts';
import styles from './detail-form.module.css';

interface DetailFormProps {
  readonly title: string;
  /** Right after the title. */
  readonly beside?: ReactNode;
  /** Buttons at the end of the line of the title. */
  readonly actions?: ReactNode;
  readonly saving: Saving;
  /** Fields that somebody else saved while they were edited here. */
  readonly meanwhile?: ReactNode;
  /** What is unsaved, in words; empty for nothing. */
  readonly changes: string;
  readonly saveLabel: string;
  readonly onDiscard: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The form of one thing of a list, saved explicitly: by the bar that says what is unsaved, or by Mod+Enter. */
export function DetailForm({
  title,
  beside,
  actions,
  saving,
  meanwhile,
  changes,
  saveLabel,
  onDiscard,
  onClose,
  children,
}: DetailFormProps) {
  const save = () => void saving.save();
  const element = useFirstError<HTMLFormElement>(saving.failures);
  useKeys({ 'mod+enter': save });
  return (
    <form
      ref={element}
      className={styles['form']}
      tabIndex={-1}
      data-focus-home=""
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <header className={styles['head']}>
        <h2 className="truncate">{title}</h2>
        {beside}
        <span className={styles['space']} />
        {actions}
        <CloseDetail onClose={onClose} />
      </header>
      <div className={styles['scroll']}>
        {saving.problem !== null && <ErrorNotice problem={saving.problem} rest={saving.rest} />}
        {children}
      </div>
      <div>
        {meanwhile}
        <UnsavedBar changes={changes} saveLabel={saveLabel} isBusy={saving.isBusy} onSave={save} onDiscard={onDiscard} />
      </div>
    </form>
  );
}

/** A part of the form under a heading. */
export function DetailSection({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className={styles['heading']}>{title}</h3>
      {children}
    </section>
  );
}
