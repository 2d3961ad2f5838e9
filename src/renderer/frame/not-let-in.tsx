import styles from './frame.module.css';

/** The whole window where this browser has no page key: it was never let in, or its storage was cleared since. */
export function NotLetIn() {
  return (
    <main className={styles['notLetIn']}>
      <h1>Open Hookyard by its link</h1>
      <p>
        Open the link of the “Ready at” line that Hookyard printed when it started. This browser does not have the access key from that
        link, or no longer has it.
      </p>
    </main>
  );
}
