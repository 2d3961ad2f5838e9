import { isUntouched } from './imported.ts';
import type { VerifyState } from './verify-state.ts';
import styles from './verify.module.css';

/** What could not be read in a paste, and the doubts about it; gone once the form is changed by hand. */
export function ImportNotes({ state }: { readonly state: VerifyState }) {
  const { imported, input } = state;
  if (imported === null || !isUntouched(imported, input)) return null;
  const { problems, notes } = imported.reading;
  return (
    <>
      {problems.length > 0 && (
        <div className={styles['problems']} role="status">
          {problems.map(({ line, message }) => (
            <p key={`${line} ${message}`}>
              {line === undefined ? '' : `Line ${line} of the paste: `}
              {message}
            </p>
          ))}
        </div>
      )}
      {notes.length > 0 && (
        <ul className={styles['importNotes']} aria-label="Notes on the paste">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}
