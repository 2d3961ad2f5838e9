import styles from './compare.module.css';

/** What is to be known of a part of a comparison, a sentence each. */
export function Notes({ notes }: { readonly notes: readonly string[] }) {
  return notes.map((note) => (
    <p key={note} className={styles['hint']}>
      {note}
    </p>
  ));
}
