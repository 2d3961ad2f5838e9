import type { ReactNode } from 'react';
import type { ResponseComparison } from '#shared/contract/comparisons.ts';
import { leftOutText, sameHeadersText } from '#shared/left-out-words.ts';
import { bytesText } from '../../base/size-format.ts';
import { BodyPart, ComparisonSummary, HeadersPart, Sides, type SideLabels } from './comparison-report.tsx';
import { Notes } from './notes.tsx';
import styles from './comparing.module.css';

interface ResponseReportProps {
  readonly response: ResponseComparison;
  readonly labels: SideLabels;
  /** The bodies beside each other. */
  readonly children: ReactNode;
}

/** How the answers to two requests differ: what came out first, then status, headers and body. */
export function ResponseReport({ response, labels, children }: ResponseReportProps) {
  const { summary, result, notCompared, before, after, headers, headersResult, isReordered, body, notes, leftOutHeaders } = response;
  const left = leftOutText(response);
  const areBoth = before.status !== null && after.status !== null;
  return (
    <section className={styles['report']} aria-label="Answers compared">
      <ComparisonSummary result={result}>{summary}</ComparisonSummary>
      <Notes notes={notCompared.filter((sentence) => !summary.includes(sentence) && !notes.includes(sentence))} />
      <Notes notes={notes} />
      {areBoth && (
        <>
          <h3>Status</h3>
          {before.status === after.status ? (
            <p>
              The same: <code>{statusText(after)}</code>
            </p>
          ) : (
            <Sides labels={labels} before={<code>{statusText(before)}</code>} after={<code>{statusText(after)}</code>} />
          )}
          <HeadersPart
            headers={headers}
            result={headersResult}
            same={sameHeadersText(leftOutHeaders)}
            isReordered={isReordered}
            labels={labels}
          />
        </>
      )}
      {(before.bodyBytes ?? after.bodyBytes) !== null && <h3>Body</h3>}
      {body === null ? <Sizes response={response} labels={labels} /> : <BodyPart body={body} labels={labels} />}
      {left !== '' && <p className={styles['muted']}>Left out: {left}.</p>}
      {children}
    </section>
  );
}

/** The sizes of bodies that were not compared. */
function Sizes({ response: { before, after }, labels }: { readonly response: ResponseComparison; readonly labels: SideLabels }) {
  if (before.bodyBytes === null && after.bodyBytes === null) return null;
  const told = ({ kind, bodyBytes }: ResponseComparison['before']) =>
    bodyBytes === null ? (kind === 'none' ? 'no answer' : 'not known') : bytesText(bodyBytes);
  return (
    <p>
      {labels.before}: {told(before)}. {labels.after}: {told(after)}.
    </p>
  );
}

function statusText({ status, reason }: ResponseComparison['before']): string {
  return `${status ?? ''} ${reason}`.trim();
}
