import { useEffect, useMemo, useRef } from 'react';
import type { PreparedRequest } from '#shared/contract/preview.ts';
import { numberText } from '../../base/size-format.ts';
import styles from './origin-view.module.css';

/** The line of the template that is marked here and in the editor of the template, and how to mark another one; null for none. */
export interface LineMarking {
  readonly line: number | null;
  readonly mark: (line: number | null) => void;
}

interface OriginViewProps {
  readonly request: Pick<PreparedRequest, 'bodyText' | 'origin'>;
  readonly marking: LineMarking;
}

/** Parts and characters that are shown: more would make the page slow, and nobody looks through them. */
const shownParts = 2000;
const shownCharacters = 100_000;

/** The body as it goes out, in the parts that each line of the template made: a part that is pointed at marks its line, and the other way round. */
export function OriginView({ request: { bodyText, origin }, marking }: OriginViewProps) {
  const body = useRef<HTMLDivElement>(null);
  const parts = useMemo(() => shownOf(bodyText ?? '', origin ?? []), [bodyText, origin]);
  const { line, mark } = marking;
  useEffect(() => {
    if (line === null || body.current?.matches(':hover') === true) return;
    body.current?.querySelector('[data-marked]')?.scrollIntoView({ block: 'nearest' });
  }, [line]);
  if (origin === null || bodyText === null)
    return (
      <p className={styles['note']}>
        Hookyard cannot show which line made which part of this body. Lines are shown for a body from a template that comes out the same
        each time, and not for batches, large bodies and sorted names.
      </p>
    );
  const count = line === null ? 0 : origin.filter((part) => part.line === line).length;
  return (
    <>
      <p className={styles['note']} role="status">
        {line === null
          ? 'Point at a part of the body, or put the cursor into a line of the template.'
          : `Line ${line} of the template made ${count === 0 ? 'nothing of this body' : `${numberText(count)} ${count === 1 ? 'part' : 'parts'} of it`}.`}
        {parts.length < origin.length && ` The first ${numberText(parts.length)} of ${numberText(origin.length)} parts are shown.`}
      </p>
      <div
        ref={body}
        className={styles['body']}
        role="listbox"
        tabIndex={0}
        aria-label="Body by lines of the template"
        onMouseOver={({ target }) => mark(lineOf(target) ?? line)}
        onFocus={() => undefined}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          mark(nextLine(origin, line, step));
        }}
      >
        {parts.map((part, index) => (
          <span
            key={index}
            data-line={part.line}
            data-odd={index % 2 === 1 || undefined}
            data-marked={part.line === line || undefined}
            role="option"
            aria-selected={part.line === line}
            title={`Line ${part.line} of the template`}
          >
            {part.text}
          </span>
        ))}
      </div>
    </>
  );
}

/** The line of the part that the pointer is on; null beside all of them. */
function lineOf(target: EventTarget): number | null {
  const line = target instanceof HTMLElement ? target.dataset['line'] : undefined;
  return line === undefined ? null : Number(line);
}

/** The next line, up or down, that made something of the body; the first from the end that is gone from. */
function nextLine(origin: NonNullable<PreparedRequest['origin']>, line: number | null, step: number): number | null {
  const lines = [...new Set(origin.map((part) => part.line))].toSorted((one, other) => (one - other) * step);
  return lines.find((each) => line === null || (each - line) * step > 0) ?? line;
}

function shownOf(text: string, origin: NonNullable<PreparedRequest['origin']>) {
  return origin
    .slice(0, shownParts)
    .filter(({ from }) => from < shownCharacters)
    .map(({ line, from, to }) => ({ line, text: text.slice(from, Math.min(to, shownCharacters)) }));
}
