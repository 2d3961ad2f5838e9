import type { ComponentProps, ReactNode } from 'react';
import { CloseDetail } from './close-detail.tsx';
import { EditForm } from './edit-form.tsx';
import { ErrorNotice } from './error-notice.tsx';
import type { Saving } from './use-saving.ts';
import styles from './detail-form.module.css';

interface DetailFormProps extends Omit<ComponentProps<typeof EditForm>, 'className' | 'saving'> {
  readonly title: string;
  /** Right after the title. */
  readonly beside?: ReactNode;
  /** Buttons at the end of the line of the title. */
  readonly actions?: ReactNode;
  readonly saving: Saving;
  readonly onClose: () => void;
}

/** The form of one thing of a list, under its title. */
export function DetailForm({ title, beside, actions, onClose, children, ...form }: DetailFormProps) {
  const { problem, rest } = form.saving;
  return (
    <EditForm className={styles['form']} {...form}>
      <header className={styles['head']}>
        <h2 className="truncate">{title}</h2>
        {beside}
        <span className={styles['space']} />
        {actions}
        <CloseDetail onClose={onClose} />
      </header>
      <div className={styles['scroll']}>
        {problem !== null && <ErrorNotice problem={problem} rest={rest} />}
        {children}
      </div>
    </EditForm>
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
