import { connectionWords } from '#shared/comparison-words.ts';
import type { ConnectionComparison } from '#shared/contract/comparisons.ts';
import { Notes } from './notes.tsx';
import styles from './compare.module.css';

/** Over which connections both went, fact by fact; what differs is marked. */
export function ConnectionReport({ connection: { summary, facts, notes } }: { readonly connection: ConnectionComparison }) {
  return (
    <section className={styles['part']} aria-label="Connections compared">
      <p className={styles['lead']}>{summary}</p>
      {facts.length > 0 && (
        <table className={styles['facts']}>
          <caption className="visually-hidden">Facts of the connections</caption>
          <thead>
            <tr>
              <th scope="col">Fact</th>
              <th scope="col">First</th>
              <th scope="col">Second</th>
            </tr>
          </thead>
          <tbody>
            {facts.map(({ fact, before, after, isSame }) => (
              <tr key={fact} data-differs={isSame === false || undefined}>
                <th scope="row">
                  {connectionWords[fact]}
                  {isSame === false && <span>differs</span>}
                </th>
                <td>{before ?? <span className={styles['none']}>{'\u2013'}</span>}</td>
                <td>{after ?? <span className={styles['none']}>{'\u2013'}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Notes notes={notes} />
    </section>
  );
}
