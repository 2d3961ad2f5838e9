import styles from './what-if.module.css';

const legend = [
  ['atOnce', 'delivered at once', 'M4 8a3 3 0 1 0 6 0a3 3 0 1 0-6 0z'],
  ['late', 'delivered late', 'M3 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0z'],
  ['failed', 'failed, tried again', 'M3 5h8l-4 6z'],
  ['lost', 'lost', 'M3 4l8 8m0-8l-8 8'],
  ['unsent', 'not sent, switched off', 'M3 8h8'],
] as const;

/** What the marks stand for, and what can be done with the drawing. */
export function Legend() {
  return (
    <ul className={styles['legend']} aria-label="Marks">
      {legend.map(([kind, text, path]) => (
        <li key={kind}>
          <svg width={14} height={16} aria-hidden>
            <path className={styles[kind]} d={path} />
          </svg>
          {text}
        </li>
      ))}
      <li className={styles['hint']}>Drag the band, or focus it and use the arrow keys. Point at a lane to follow one event.</li>
    </ul>
  );
}
