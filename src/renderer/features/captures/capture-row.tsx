import type { CSSProperties } from 'react';
import { Checkbox } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCircle, IconCopyCheck, IconHelp, IconPinnedFilled, IconTag, IconX } from '@tabler/icons-react';
import { durationText } from '#shared/duration-text.ts';
import { wireFaultWords } from '#shared/wire-fault-words.ts';
import { bytesText, shortId } from '../../base/size-format.ts';
import { FoundMark } from '../../ui/search-notes.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import styles from './capture-row.module.css';
import type { ListedCapture } from './captures-store.ts';

const verdictIcons = {
  valid: <IconCheck size={14} stroke={2.4} color="var(--hy-good-text)" aria-label="signature valid" />,
  invalid: <IconX size={14} stroke={2.4} color="var(--hy-bad-text)" aria-label="signature invalid" />,
  unsigned: <IconAlertTriangle size={14} stroke={2.2} color="var(--hy-trouble-text)" aria-label="not signed" />,
  unchecked: <IconHelp size={14} stroke={2.2} color="var(--hy-waiting-text)" aria-label="signature not checked" />,
} as const;

interface CaptureRowProps {
  readonly capture: ListedCapture;
  readonly slug: string;
  /** Since the capture before; null for the first that was read. */
  readonly gapMs: number | null;
  /** Null while none are picked. */
  readonly isPicked: boolean | null;
  readonly onPick: () => void;
}

/** One capture in the list of its bin. */
export function CaptureRow({ capture, slug, gapMs, isPicked, onPick }: CaptureRowProps) {
  // The bin's own path is the same in all rows, so a row shows what comes after it.
  const rest = capture.target.startsWith(`/${slug}`) ? capture.target.slice(slug.length + 1) || '/' : capture.target;
  const isAnswered = capture.answeredBy?.kind !== 'unanswered';
  return (
    <div className={styles['measured']}>
      <div
        className={styles['row']}
        onClickCapture={(event) => {
          if (!event.ctrlKey && !event.metaKey) return;
          // Picking leaves the capture open that is.
          event.stopPropagation();
          onPick();
        }}
      >
        {isPicked !== null ? (
          <Checkbox
            size="xs"
            tabIndex={-1}
            aria-label={`Pick ${capture.method} ${rest}`}
            checked={isPicked}
            onChange={onPick}
            onClick={(event) => event.stopPropagation()}
          />
        ) : capture.verdict === null ? (
          <IconCircle size={14} color="var(--hy-faint)" aria-label="not checked" />
        ) : (
          verdictIcons[capture.verdict]
        )}
        <span className={`truncate ${styles['method'] ?? ''}`} title={capture.method}>
          {capture.method}
        </span>
        <span className={styles['what']}>
          <span className={`truncate mono ${styles['path'] ?? ''}`} style={pathLength(rest)} title={capture.target}>
            {rest}
          </span>
          <EventName capture={capture} />
          <Tags tags={capture.tags} />
          <FoundMark foundIn={capture.foundIn} />
          <RowMarks capture={capture} />
          <AnsweredBy answeredBy={capture.answeredBy} />
        </span>
        <span className={styles['status']} data-bad={(isAnswered && capture.status >= 400) || undefined}>
          {isAnswered ? capture.status : '–'}
        </span>
        <span className={styles['size']}>{bytesText(capture.bodyBytes)}</span>
        <span className={styles['gap']} title="Since the capture before">
          {gapMs === null ? '' : `+${durationText(gapMs)}`}
        </span>
        <span className={styles['age']}>
          <TimeText atMs={capture.receivedAtMs} as="age" />
        </span>
      </div>
    </div>
  );
}

/** What the request calls its event, and the id that the sender gave it. */
function EventName({ capture: { eventType = null, messageId } }: { readonly capture: ListedCapture }) {
  if (eventType === null && messageId === null) return null;
  const title = [...(eventType === null ? [] : [`Event ${eventType}`]), ...(messageId === null ? [] : [`Event id ${messageId}`])].join(
    '\n',
  );
  return (
    <>
      {eventType !== null && (
        <span className={`truncate mono ${styles['event'] ?? ''}`} title={title}>
          {eventType}
        </span>
      )}
      {messageId !== null && (
        <span className={`mono ${styles['eventId'] ?? ''}`} title={title}>
          {shortId(messageId)}
        </span>
      )}
    </>
  );
}

function tagsText(tags: readonly string[]): string {
  return `${tags.length === 1 ? 'Tag' : 'Tags'} ${tags.join(', ')}`;
}

function Tags({ tags }: { readonly tags: readonly string[] }) {
  if (tags.length === 0) return null;
  return (
    <span className={`truncate ${styles['tags'] ?? ''}`} title={tagsText(tags)}>
      {tags.map((tag) => (
        <span key={tag} className={styles['tag']}>
          {tag}
        </span>
      ))}
    </span>
  );
}

/** How many characters a path has, for the room that it is given. */
function pathLength(path: string): CSSProperties {
  return { '--path-length': path.length } as CSSProperties;
}

function RowMarks({
  capture: { isPinned, isBodyTruncated, sameMessageAsId, messageId, fault, tags },
}: {
  readonly capture: ListedCapture;
}) {
  return (
    <>
      {(isPinned || isBodyTruncated || sameMessageAsId !== null || tags.length > 0) && (
        <span className={styles['mark']}>
          {isPinned && <IconPinnedFilled size={13} aria-label="pinned" />}
          {isBodyTruncated && <span title="Its body is incomplete">incomplete</span>}
          {tags.length > 0 && (
            <span className={styles['sign']} title={tagsText(tags)}>
              <IconTag size={13} aria-label={tagsText(tags)} />
            </span>
          )}
          {sameMessageAsId !== null && (
            <span title={`An earlier capture has the event id ${messageId ?? ''} too`}>
              <span className={styles['word']}>duplicate</span>
              <IconCopyCheck className={styles['sign']} size={13} aria-label="duplicate" />
            </span>
          )}
        </span>
      )}
      {fault != null && (
        <span className={styles['mark']} title={wireFaultWords[fault].effect}>
          fault: {fault.replaceAll('-', ' ')}
        </span>
      )}
    </>
  );
}

/** What answered, where that is not the plain answer of the bin. */
function AnsweredBy({ answeredBy }: Pick<ListedCapture, 'answeredBy'>) {
  const isOwn = answeredBy === null || (answeredBy.kind === 'own' && answeredBy.label === 'own answer');
  if (isOwn) return null;
  return (
    <span
      className={`truncate ${styles['by'] ?? ''}`}
      title={`${answeredBy.label}: ${answeredBy.why}`}
      data-problem={answeredBy.kind === 'problem' || undefined}
    >
      {answeredBy.kind === 'problem' ? 'template failed' : answeredBy.label}
    </span>
  );
}
