import { SegmentedControl } from '@mantine/core';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { hasDecodedForm } from '#shared/body-coding.ts';
import type { DecodedBody as Decoding } from '#shared/contract/bodies.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { Client } from '../base/client.ts';
import { isAbort, toProblem, type Problem } from '../base/problem.ts';
import { useClient } from '../stores/session.tsx';
import { ReadingBody } from './body-view.tsx';
import { useDecodedBody, type DecodedBody } from './decoded-body.ts';
import styles from './decodable-body.module.css';
import { ErrorNotice } from './error-notice.tsx';

/** Where the engine finds a body. */
export type BodyPlace =
  | { readonly kind: 'capture'; readonly id: string }
  | { readonly kind: 'attempt'; readonly id: string; readonly of: 'answer' | 'request' };

interface DecodableBodyProps {
  /** What the body is, for assistive technology: `Response body`. */
  readonly label: string;
  readonly place: BodyPlace;
  readonly headers: readonly HeaderField[];
  /** The body as it came. */
  readonly body: DecodedBody;
  /** Draws the body, as it came or decoded; `isDecoded` says which. */
  readonly children: (body: DecodedBody, isDecoded: boolean) => ReactNode;
}

/** A body that is compressed or in another charset than UTF-8, as text and as it came, by a switch. Any other body as it came. */
export function DecodableBody({ label, place, headers, body, children }: DecodableBodyProps) {
  const isCoded = useMemo(() => hasDecodedForm(headers, body.bytes, body.text), [headers, body]);
  const [shown, setShown] = useState<'decoded' | 'raw'>('decoded');
  if (!isCoded) return children(body, false);
  const isSigned = place.kind === 'capture' || place.of === 'request';
  return (
    <div className={styles['decodable']}>
      <div className={styles['bar']}>
        <SegmentedControl
          size="xs"
          aria-label={`${label} decoded or raw`}
          value={shown}
          onChange={(value) => setShown(value)}
          data={[
            { value: 'decoded', label: 'Decoded' },
            { value: 'raw', label: 'Raw' },
          ]}
        />
        {isSigned && <span className={styles['summary']}>Signatures are verified over the raw bytes.</span>}
      </div>
      {shown === 'raw' ? children(body, false) : <Decoded place={place}>{(decoded) => children(decoded, true)}</Decoded>}
    </div>
  );
}

function Decoded({ place, children }: { readonly place: BodyPlace; readonly children: (body: DecodedBody) => ReactNode }) {
  const client = useClient();
  const [turn, setTurn] = useState(0);
  const [read, setRead] = useState<{ readonly decoding: Decoding } | { readonly problem: Problem } | null>(null);
  const { kind, id } = place;
  const of = place.kind === 'attempt' ? place.of : 'answer';
  useEffect(() => {
    const leaving = new AbortController();
    setRead(null);
    decodingOf(client, kind, id, of, leaving.signal).then(
      (decoding) => setRead({ decoding }),
      (error: unknown) => {
        if (!leaving.signal.aborted && !isAbort(error)) setRead({ problem: toProblem(error) });
      },
    );
    return () => leaving.abort();
  }, [client, kind, id, of, turn]);
  if (read === null) return <ReadingBody />;
  if ('problem' in read) return <ErrorNotice problem={read.problem} onRetry={() => setTurn(turn + 1)} />;
  return <Shown decoding={read.decoding}>{children}</Shown>;
}

function decodingOf(client: Client, kind: BodyPlace['kind'], id: string, of: 'answer' | 'request', signal: AbortSignal) {
  return kind === 'capture' ? client.captures.decoded({ id }, { signal }) : client.deliveries.decoded({ id, of }, { signal });
}

function Shown({ decoding, children }: { readonly decoding: Decoding; readonly children: (body: DecodedBody) => ReactNode }) {
  const body = useDecodedBody(decoding.bodyBase64);
  return (
    <>
      <p className={styles['facts']}>
        {decoding.summary}
        {decoding.isCut && '. The beginning is shown.'}
      </p>
      {decoding.problems.length > 0 && (
        <ul className={styles['problems']}>
          {decoding.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      {body === null ? <ReadingBody /> : children(body)}
    </>
  );
}
