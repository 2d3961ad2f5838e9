import { Fragment } from 'react';
import type { ReactNode } from 'react';
import { IconArrowsDiff, IconCheck, IconHelp } from '@tabler/icons-react';
import type { BodyComparison, ComparedResult, HeaderChange, RequestComparison } from '#shared/contract/comparing.ts';
import { changeWord, firstDifferenceText, isTellingHeader } from '#shared/comparison-words.ts';
import { leftOutText, sameHeadersText } from '#shared/left-out-words.ts';
import { capitalised } from '#shared/text/capitalised.ts';
import { bytesText, numberText } from '../../base/size-format.ts';
import { aroundRuns, type AroundRun } from './around-runs.ts';
import { Notes } from './notes.tsx';
import styles from './comparing.module.css';

/** What the two requests are called, such as `Sent` and `Arrived`. */
export interface SideLabels {
  readonly before: string;
  readonly after: string;
  /** Both are one request, so that what differs was changed on its way. */
  readonly isSameRequest: boolean;
}

interface ReportProps {
  readonly comparison: RequestComparison;
  readonly labels: SideLabels;
  /** Below the body. */
  readonly children?: ReactNode;
}

/** How two requests differ: what came out first, then request line, headers and body. */
export function ComparisonReport({ comparison, labels, children }: ReportProps) {
  const { summary, result, notCompared, line, headers, headersResult, isReordered, body, leftOutHeaders } = comparison;
  const left = leftOutText(comparison);
  return (
    <section className={styles['report']} aria-label="Comparison">
      <ComparisonSummary result={result}>{summary}</ComparisonSummary>
      <Notes notes={notCompared.filter((sentence) => !summary.includes(sentence))} />
      <h3>Request line</h3>
      {line.isSame === true ? (
        <p>
          The same: <code>{lineText(line.after)}</code>
        </p>
      ) : (
        <>
          {line.isSame === null && <p>Not compared whole.</p>}
          <Sides labels={labels} before={lineText(line.before)} after={lineText(line.after)} />
        </>
      )}
      <HeadersPart
        headers={headers}
        result={headersResult}
        same={sameHeadersText(leftOutHeaders)}
        isReordered={isReordered}
        labels={labels}
      />
      <h3>Body</h3>
      <BodyPart body={body} labels={labels} />
      {left !== '' && <p className={styles['muted']}>Left out: {left}.</p>}
      {children}
    </section>
  );
}

function lineText({ method, target }: RequestComparison['line']['before']): string {
  return `${method ?? '(method not known)'} ${target ?? '(target not known)'}`;
}

interface SummaryProps {
  readonly result: ComparedResult;
  /** Of all, and not of one part. */
  readonly isWhole?: boolean;
  readonly children: ReactNode;
}

const marks = {
  same: { icon: IconCheck, meaning: 'good' },
  different: { icon: IconArrowsDiff, meaning: 'trouble' },
  'not compared': { icon: IconHelp, meaning: 'waiting' },
} as const satisfies Record<ComparedResult, { readonly icon: unknown; readonly meaning: string }>;

/** What came out, with a mark for whether anything differs, or that not all could be compared. */
export function ComparisonSummary({ result, isWhole = false, children }: SummaryProps) {
  const { icon: IconShape, meaning } = marks[result];
  return (
    <p className={styles['summary']} data-meaning={meaning} data-whole={isWhole || undefined} role={isWhole ? 'status' : undefined}>
      <IconShape size={isWhole ? 18 : 16} stroke={2.2} aria-hidden />
      <span>{children}</span>
    </p>
  );
}

interface HeadersPartProps {
  readonly headers: readonly HeaderChange[];
  readonly result: ComparedResult;
  /** What is said where they are the same. */
  readonly same: string;
  readonly isReordered: boolean;
  readonly labels: SideLabels;
}

/** How headers differ. */
export function HeadersPart({ headers, result, same, isReordered, labels }: HeadersPartProps) {
  return (
    <>
      <h3>Headers</h3>
      {headers.length === 0 ? (
        <p>{result === 'same' ? `${capitalised(same)}.` : 'Not compared whole.'}</p>
      ) : (
        <HeaderTable changes={headers} labels={labels} />
      )}
      {headers.some(({ kind }) => kind === 'untold') && (
        <p className={styles['muted']}>One side does not say whether it has the headers that are “not told”, so they do not count.</p>
      )}
      {isReordered && <p>Headers that both have come in another order.</p>}
    </>
  );
}

function HeaderTable({ changes, labels }: { readonly changes: readonly HeaderChange[]; readonly labels: SideLabels }) {
  return (
    <ChangeTable caption="Headers that differ" what="Header" labels={labels}>
      {changes.map(({ kind, name, isHopByHop, ...sides }) => (
        <ChangeRow
          key={name}
          name={name}
          kind={`${changeWord(kind, labels.isSameRequest)}${isHopByHop ? ', of one connection' : ''}`}
          isMinor={!isTellingHeader({ kind, name, isHopByHop })}
          isTold={kind !== 'untold'}
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
  /** A side without it says that it has none. */
  readonly isTold?: boolean;
}

function ChangeRow({ name, kind, before, after, note, isMinor = false, isTold = true }: ChangeRowProps) {
  return (
    <tr data-hop={isMinor || undefined}>
      <th scope="row">
        {name}
        <span>{kind}</span>
      </th>
      <td>{before ?? <Nothing isTold={isTold} />}</td>
      <td>
        {after ?? <Nothing isTold={isTold} />}
        {note !== null && <span className={styles['note']}>{note}</span>}
      </td>
    </tr>
  );
}

function Nothing({ isTold }: { readonly isTold: boolean }) {
  return <span className={styles['muted']}>{isTold ? 'not there' : 'not told'}</span>;
}

/** How two bodies differ: in how they are written, by values and bytes. */
export function BodyPart({ body, labels }: { readonly body: BodyComparison; readonly labels: SideLabels }) {
  const { isSame, beforeBytes, afterBytes, afterSha256, firstDifference, rewrites, changes, changeCount, notes } = body;
  if (isSame)
    return (
      <p>
        {beforeBytes === 0 ? 'Neither has a body.' : `The same ${sizeText(beforeBytes)}, byte for byte.`}
        {beforeBytes !== 0 && afterSha256 !== null && (
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
        {labels.before}: {sizeText(beforeBytes)}. {labels.after}: {sizeText(afterBytes)}.
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
          <figcaption>{firstDifferenceText({ ...body, offset: firstDifference.offset })}:</figcaption>
          <Sides
            labels={labels}
            before={<Bytes runs={aroundRuns(firstDifference.before, firstDifference.after)} />}
            after={<Bytes runs={aroundRuns(firstDifference.after, firstDifference.before)} />}
          />
        </figure>
      )}
      <Notes notes={notes} />
    </>
  );
}

function sizeText(bytes: number | null): string {
  return bytes === null ? 'size not known' : bytesText(bytes);
}

function JsonChanges({ body: { changes }, labels }: { readonly body: BodyComparison; readonly labels: SideLabels }) {
  return (
    <ChangeTable caption="Values of the JSON that differ" what="Value" labels={labels}>
      {changes.map(({ path, kind, ...sides }, index) => (
        <ChangeRow key={index} name={path} kind={changeWord(kind, labels.isSameRequest)} {...sides} />
      ))}
    </ChangeTable>
  );
}

/** Bytes around the first difference in hex and as text, marked where they differ. */
function Bytes({ runs }: { readonly runs: readonly AroundRun[] }) {
  const marked = (runOf: (run: AroundRun) => string, between: string) =>
    runs.map((run, index) => (
      <Fragment key={index}>
        {index > 0 && between}
        {run.differs ? <mark>{runOf(run)}</mark> : runOf(run)}
      </Fragment>
    ));
  return (
    <>
      <code>{marked(({ text }) => text, '')}</code>
      <code className={styles['hex']}>{marked(({ hex }) => hex, ' ')}</code>
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
