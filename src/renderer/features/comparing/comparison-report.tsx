import type { ReactNode } from 'react';
import { IconArrowsDiff, IconCheck } from '@tabler/icons-react';
import type { BodyComparison, HeaderChange, RequestComparison } from '#shared/contract/comparing.ts';
import { bytesText, countText, numberText } from '../../base/size-format.ts';
import { Notes } from './notes.tsx';
import styles from './comparing.module.css';

/** What the two requests are called, such as `Sent` and `Arrived`. */
export interface SideLabels {
  readonly before: string;
  readonly after: string;
}

interface ReportProps {
  readonly comparison: RequestComparison;
  readonly labels: SideLabels;
  /** Below the body. */
  readonly children?: ReactNode;
}

/** How two requests differ: what came out first, then request line, headers and body. */
export function ComparisonReport({ comparison, labels, children }: ReportProps) {
  const { summary, isSame, line, headers, isReordered, body, leftOut } = comparison;
  const left = Object.entries(leftOut).filter(([, count]) => count > 0);
  return (
    <section className={styles['report']} aria-label="Comparison">
      <ComparisonSummary isSame={isSame}>{summary}</ComparisonSummary>
      <h3>Request line</h3>
      {line.isSame ? (
        <p>
          The same: <code>{`${line.after.method} ${line.after.target}`}</code>
        </p>
      ) : (
        <Sides labels={labels} before={`${line.before.method} ${line.before.target}`} after={`${line.after.method} ${line.after.target}`} />
      )}
      <HeadersPart headers={headers} isReordered={isReordered} labels={labels} />
      <h3>Body</h3>
      <BodyPart body={body} labels={labels} />
      {children}
      {left.length > 0 && (
        <p className={styles['muted']}>Left out: {left.map(([kind, count]) => countText(count, kind, kind)).join(', ')}.</p>
      )}
    </section>
  );
}

interface SummaryProps {
  readonly isSame: boolean;
  /** Of all, and not of one part. */
  readonly isWhole?: boolean;
  readonly children: ReactNode;
}

/** What came out, with a mark for whether anything differs. */
export function ComparisonSummary({ isSame, isWhole = false, children }: SummaryProps) {
  const IconShape = isSame ? IconCheck : IconArrowsDiff;
  return (
    <p
      className={styles['summary']}
      data-meaning={isSame ? 'good' : 'trouble'}
      data-whole={isWhole || undefined}
      role={isWhole ? 'status' : undefined}
    >
      <IconShape size={isWhole ? 18 : 16} stroke={2.2} aria-hidden />
      <span>{children}</span>
    </p>
  );
}

interface HeadersPartProps {
  readonly headers: readonly HeaderChange[];
  readonly isReordered: boolean;
  readonly labels: SideLabels;
}

/** How headers differ. */
export function HeadersPart({ headers, isReordered, labels }: HeadersPartProps) {
  return (
    <>
      <h3>Headers</h3>
      {headers.length === 0 ? <p>The same names and values.</p> : <HeaderTable changes={headers} labels={labels} />}
      {isReordered && <p>Headers that both have come in another order.</p>}
    </>
  );
}

const kindWords = {
  added: 'added',
  removed: 'dropped',
  rewritten: 'rewritten',
  renamed: 'other letters',
  joined: 'other lines',
  unknown: 'not known',
} as const satisfies Record<HeaderChange['kind'], string>;

function HeaderTable({ changes, labels }: { readonly changes: readonly HeaderChange[]; readonly labels: SideLabels }) {
  return (
    <ChangeTable caption="Headers that differ" what="Header" labels={labels}>
      {changes.map(({ kind, name, isHopByHop, ...sides }) => (
        <ChangeRow
          key={name}
          name={name}
          kind={`${kindWords[kind]}${isHopByHop ? ', of one connection' : ''}`}
          isMinor={isHopByHop}
          {...sides}
        />
      ))}
    </ChangeTable>
  );
}

interface ChangeTableProps {
  readonly caption: string;
  /** What each row is about. */
  readonly what: string;
  readonly labels: SideLabels;
  readonly children: ReactNode;
}

function ChangeTable({ caption, what, labels, children }: ChangeTableProps) {
  return (
    <table className={styles['table']}>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{what}</th>
          <th scope="col">{labels.before}</th>
          <th scope="col">{labels.after}</th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

interface ChangeRowProps {
  readonly name: string;
  readonly kind: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly note: string | null;
  readonly isMinor?: boolean;
}

function ChangeRow({ name, kind, before, after, note, isMinor = false }: ChangeRowProps) {
  return (
    <tr data-hop={isMinor || undefined}>
      <th scope="row">
        {name}
        <span>{kind}</span>
      </th>
      <td>{before ?? <Nothing />}</td>
      <td>
        {after ?? <Nothing />}
        {note !== null && <span className={styles['note']}>{note}</span>}
      </td>
    </tr>
  );
}

function Nothing() {
  return <span className={styles['muted']}>not there</span>;
}

/** How two bodies differ: in how they are written, by values and bytes. */
export function BodyPart({ body, labels }: { readonly body: BodyComparison; readonly labels: SideLabels }) {
  const { isSame, beforeBytes, afterBytes, afterSha256, firstDifference, rewrites, changes, changeCount, notes } = body;
  if (isSame)
    return (
      <p>
        {beforeBytes === 0 ? 'Neither has a body.' : `The same ${bytesText(beforeBytes)}, byte for byte.`}
        {beforeBytes > 0 && afterSha256 !== null && (
          <>
            {' SHA-256 '}
            <code className={styles['digest']}>{afterSha256}</code>
          </>
        )}
      </p>
    );
  return (
    <>
      <p>
        {labels.before}: {bytesText(beforeBytes)}. {labels.after}: {bytesText(afterBytes)}.
      </p>
      {rewrites.length > 0 && (
        <ul className={styles['rewrites']} aria-label="How the same content is written otherwise">
          {rewrites.map(({ kind, sentence }) => (
            <li key={kind}>{sentence}</li>
          ))}
        </ul>
      )}
      {changes.length > 0 && <JsonChanges body={body} labels={labels} />}
      {changeCount > changes.length && <p className={styles['muted']}>And {numberText(changeCount - changes.length)} more.</p>}
      {firstDifference !== null && (
        <figure className={styles['bytes']} aria-label="Where the bodies differ">
          <figcaption>First difference at byte {numberText(firstDifference.offset)}:</figcaption>
          <Sides
            labels={labels}
            before={<Bytes side={firstDifference.before} offset={firstDifference.offset} />}
            after={<Bytes side={firstDifference.after} offset={firstDifference.offset} />}
          />
        </figure>
      )}
      <Notes notes={notes} />
    </>
  );
}

function JsonChanges({ body: { changes }, labels }: { readonly body: BodyComparison; readonly labels: SideLabels }) {
  return (
    <ChangeTable caption="Values of the JSON that differ" what="Value" labels={labels}>
      {changes.map(({ path, ...change }, index) => (
        <ChangeRow key={index} name={path} {...change} />
      ))}
    </ChangeTable>
  );
}

type Around = NonNullable<BodyComparison['firstDifference']>['before'];

/** Bytes around a place in hex and as text, marked from the place on. */
function Bytes({ side: { fromByte, hex, text }, offset }: { readonly side: Around; readonly offset: number }) {
  const shared = offset - fromByte;
  // Three characters of hex for each byte.
  return (
    <>
      <code>
        {text.slice(0, shared)}
        <mark>{text.slice(shared) || 'end of the body'}</mark>
      </code>
      <code className={styles['hex']}>
        {hex.slice(0, shared * 3)}
        <mark>{hex.slice(shared * 3)}</mark>
      </code>
    </>
  );
}

/** One thing of both sides, one above the other. */
export function Sides({
  labels,
  before,
  after,
}: {
  readonly labels: SideLabels;
  readonly before: React.ReactNode;
  readonly after: React.ReactNode;
}) {
  return (
    <dl className={styles['sides']}>
      <div>
        <dt>{labels.before}</dt>
        <dd>{before}</dd>
      </div>
      <div>
        <dt>{labels.after}</dt>
        <dd>{after}</dd>
      </div>
    </dl>
  );
}
