import { useId } from 'react';
import { CodeEditor } from '../../editor/code-editor.tsx';
import styles from './events.module.css';

interface JsonFieldProps {
  readonly label: string;
  /** What it is for, in a line under the label. */
  readonly note: string;
  /** Names the text in the editor, which keeps its undo history and its place by this name. */
  readonly path: string;
  readonly value: string;
  readonly problem: string | null;
  /** What the editor completes and marks by; null for any JSON. */
  readonly schema: unknown;
  readonly placeholder?: string | undefined;
  readonly onChange: (text: string) => void;
  readonly onSave: () => void;
}

/** JSON in the editor, as a field of a form. */
export function JsonField({ label, note, problem, placeholder = '', onSave, ...editor }: JsonFieldProps) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id} data-field-error={problem === null ? undefined : ''}>
      <div id={id} className={styles['label']}>
        {label}
      </div>
      <p className={styles['hint']}>{note}</p>
      <div className={styles['editor']}>
        <CodeEditor {...editor} label={label} language="json" placeholder={placeholder} onSubmit={onSave} isWrapped />
      </div>
      {problem !== null && <p className={styles['error']}>{problem}</p>}
    </div>
  );
}
