import type { ReactNode } from 'react';
import styles from './code-file.module.css';

interface CodeFileProps {
  /** Its name, with what else is to be known of it. */
  readonly title: ReactNode;
  /** What the text is, for people who do not see it. */
  readonly label: string;
  readonly text: string;
  /** Share of the window's height that the text may take, in percent. */
  readonly maxHeight: number;
  /** What can be done with it. */
  readonly children: ReactNode;
}

/** The text of a file below its name. */
export function CodeFile({ title, label, text, maxHeight, children }: CodeFileProps) {
  return (
    <>
      <div className={styles['head']}>
        <span className="truncate">{title}</span>
        {children}
      </div>
      <section className={styles['code']} style={{ maxHeight: `${maxHeight}vh` }} aria-label={label} tabIndex={0}>
        <pre>{text}</pre>
      </section>
    </>
  );
}
