import { Button } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import type { Client } from '../../base/client.ts';
import { numberText } from '../../base/size-format.ts';
import { bytesOfBase64 } from '../../ui/body-format.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import type { SideRef } from './given-texts.ts';
import { hexRows, type HexRow, type HexRun } from './hex-rows.ts';
import { useReading } from './use-comparison.ts';
import styles from './hex-diff.module.css';

interface HexDiffProps {
  readonly first: SideRef;
  readonly second: SideRef;
  readonly of: 'request' | 'response';
  /** Offset of the first byte that differs. */
  readonly firstDifferenceAt: number;
}

/** Bytes that are shown at once, and how many of them before a difference. */
const [pieceBytes, leadBytes] = [2048, 64];
/** Width that two columns of sixteen bytes need. */
const wideHexPx = 1080;

/** Two bodies in hex beside each other, a piece around the first difference at first. */
export function HexDiff({ first, second, of, firstDifferenceAt }: HexDiffProps) {
  const { ref, width } = useElementSize();
  const [fromByte, setFromByte] = useState(pieceBefore(firstDifferenceAt));
  const read = useCallback(
    (client: Client, signal: AbortSignal) =>
      client.comparing.bytes({ before: first.choice, after: second.choice, of, fromByte, bytes: pieceBytes }, { signal }),
    [first, second, of, fromByte],
  );
  const { value, problem, isReading, retry } = useReading(`${first.key} ${second.key} ${of} ${fromByte}`, read);
  const rowBytes = width > 0 && width < wideHexPx ? 8 : 16;
  const rows = useMemo(
    () => (value === null ? [] : hexRows(bytesOf(value.before), bytesOf(value.after), fromByte, rowBytes)),
    [value, fromByte, rowBytes],
  );
  const endByte = Math.max(value?.before?.keptBytes ?? 0, value?.after?.keptBytes ?? 0);
  const next = value?.nextDifferenceAt ?? null;
  return (
    <div ref={ref} className={styles['hexDiff']}>
      <nav aria-label="Pieces of the bodies">
        <output>
          {value !== null &&
            `Bytes ${numberText(fromByte)} to ${numberText(Math.max(fromByte, Math.min(endByte, fromByte + pieceBytes) - 1))} of ${numberText(endByte)}`}
        </output>
        <Step isPossible={fromByte > 0} onClick={() => setFromByte(Math.max(0, fromByte - pieceBytes))}>
          Earlier
        </Step>
        <Step isPossible={fromByte + pieceBytes < endByte} onClick={() => setFromByte(fromByte + pieceBytes)}>
          Later
        </Step>
        <Step isPossible onClick={() => setFromByte(pieceBefore(firstDifferenceAt))}>
          First difference
        </Step>
        <Step isPossible={next !== null} onClick={() => next !== null && setFromByte(pieceBefore(next))}>
          Next difference
        </Step>
      </nav>
      <ProgressBar isActive={isReading} />
      <ErrorNotice problem={problem} onRetry={retry} />
      {value !== null && <HexTable rows={rows} />}
    </div>
  );
}

/** Not `disabled`, which would throw the focus away from a button that was just pressed. */
function Step({
  isPossible,
  onClick,
  children,
}: {
  readonly isPossible: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Button
      size="compact-xs"
      variant="default"
      aria-disabled={!isPossible}
      {...(isPossible ? {} : { 'data-disabled': true })}
      onClick={() => isPossible && onClick()}
    >
      {children}
    </Button>
  );
}

function HexTable({ rows }: { readonly rows: readonly HexRow[] }) {
  return (
    <div className={styles['hexScroll']} tabIndex={0} role="region" aria-label="Bytes of both bodies">
      <table>
        <thead>
          <tr>
            <th scope="col">Offset</th>
            <th scope="col">First</th>
            <th scope="col">Second</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ offset, before, after }) => (
            <tr key={offset}>
              <th scope="row">{offset}</th>
              <Cell runs={before} />
              <Cell runs={after} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ runs }: { readonly runs: readonly HexRun[] }) {
  return (
    <td>
      <span>
        {runs.map(({ differs, hex }, index) => (
          <span key={index}>
            {index > 0 && ' '}
            {differs ? <mark>{hex}</mark> : hex}
          </span>
        ))}
      </span>
      <span className={styles['hexText']}>
        {runs.map(({ differs, ascii }, index) => (differs ? <mark key={index}>{ascii}</mark> : <span key={index}>{ascii}</span>))}
      </span>
    </td>
  );
}

/** Where the piece begins that shows a byte with some before it. */
function pieceBefore(offset: number): number {
  return Math.max(0, Math.floor((offset - leadBytes) / 16) * 16);
}

function bytesOf(piece: { readonly base64: string } | null): Uint8Array {
  return piece === null ? new Uint8Array() : bytesOfBase64(piece.base64);
}
