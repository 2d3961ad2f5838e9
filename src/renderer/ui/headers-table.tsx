import { headerNameTest } from '#shared/text/headers.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { CopyButton } from './copy-button.tsx';
import styles from './headers-table.module.css';

interface HeadersTableProps {
  readonly headers: readonly HeaderField[];
  /** Names, in any case, to be marked, such as those that carry the signature. */
  readonly marked?: readonly string[];
  /** What stands when there are none. */
  readonly empty?: string;
}

/** Header fields as they went over the wire, in order and case, with one button that copies them all. */
export function HeadersTable({ headers, marked = [], empty = 'No headers.' }: HeadersTableProps) {
  if (headers.length === 0) return <p className={styles['empty']}>{empty}</p>;
  const isMarked = headerNameTest(marked);
  return (
    <div className={styles['box']}>
      <div className={styles['copy']}>
        <CopyButton label="Copy headers" text={() => headers.map(([name, value]) => `${name}: ${value}`).join('\n')} />
      </div>
      <table className={styles['table']}>
        <caption className="visually-hidden">Headers</caption>
        <tbody>
          {headers.map(([name, value], index) => (
            <tr key={index} data-marked={isMarked(name) || undefined}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
