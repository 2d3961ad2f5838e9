import type { ReactNode } from 'react';
import type { EndpointDraft } from './endpoint-draft.ts';
import styles from './endpoint-form.module.css';

/** What each section of the form gets. */
export interface EndpointFormProps {
  readonly draft: EndpointDraft;
  readonly onChange: (draft: EndpointDraft) => void;
  /** What is wrong, by field of the contract; `signing.header` and the like for options. */
  readonly errors: Readonly<Record<string, string>>;
  readonly eventTypes: readonly string[];
  /** Null for a new endpoint. */
  readonly endpointId: string | null;
  /** Beside the signing fields: fingerprints and rotation. */
  readonly secretArea: ReactNode;
}

/** One section: a title, a sentence on what it decides, and its fields in two columns. */
export function FormSection({ title, note, children }: { readonly title: string; readonly note: string; readonly children: ReactNode }) {
  return (
    <section className={styles['section']} aria-label={title}>
      <header>
        <h3>{title}</h3>
        <p>{note}</p>
      </header>
      <div className={styles['fields']}>{children}</div>
    </section>
  );
}
