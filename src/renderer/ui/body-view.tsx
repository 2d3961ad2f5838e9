import { SegmentedControl, Switch } from '@mantine/core';
import { useElementSize, useLocalStorage, useMergedRef } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { bytesText } from '../size-format.ts';
import { bytesOfBase64, hexRow, jsonTokens, linesOf, prettyJson, utf8OrNull, type BodyMode } from './body-format.ts';
import { CopyButton } from './copy-button.tsx';
import styles from './body-view.module.css';

interface BodyViewProps {
  /** What the body is, for assistive technology: `Request body`. */
  readonly label: string;
  readonly bodyBase64: string;
  /** True size, also where less was kept. */
  readonly bodyBytes: number;
  readonly isTruncated?: boolean;
  /** Mode to begin with; pretty JSON where the body is JSON by default. */
  readonly mode?: BodyMode;
  /** Shows `mode` only, where something else chooses it. */
  readonly isModeFixed?: boolean;
  /** Fills its parent instead of ending at 360 px. */
  readonly isTall?: boolean;
}

/** A body as pretty JSON, as raw text or as bytes with offsets; only the rows in sight are drawn, however long it is. */
export function BodyView({ label, bodyBase64, bodyBytes, isTruncated = false, mode, isModeFixed = false, isTall = false }: BodyViewProps) {
  const bytes = useMemo(() => bytesOfBase64(bodyBase64), [bodyBase64]);
  const text = useMemo(() => utf8OrNull(bytes), [bytes]);
  const pretty = useMemo(() => (text === null ? null : prettyJson(text)), [text]);
  const [chosen, setChosen] = useState<BodyMode | null>(mode ?? null);
  const [isWrapped, setWrapped] = useLocalStorage({ key: 'hookyard.body.wrap', defaultValue: true, getInitialValueInEffect: false });
  const possible: readonly BodyMode[] = pretty !== null ? ['pretty', 'raw', 'hex'] : text !== null ? ['raw', 'hex'] : ['hex'];
  const wanted = isModeFixed ? (mode ?? null) : chosen;
  const shown = wanted !== null && possible.includes(wanted) ? wanted : (possible[0] ?? 'hex');
  if (bodyBytes === 0) return <p className={styles['empty']}>Empty body (0 B).</p>;
  return (
    <div className={styles['body']} data-tall={isTall || undefined}>
      <div className={styles['bar']}>
        {!isModeFixed && (
          <SegmentedControl
            size="xs"
            aria-label={`${label} as`}
            value={shown}
            onChange={(value) => setChosen(value)}
            data={possible.map((value) => ({ value, label: { pretty: 'Pretty', raw: 'Raw', hex: 'Hex' }[value] }))}
          />
        )}
        <span className={styles['size']}>
          {bytesText(bodyBytes)}
          {isTruncated && `, first ${bytesText(bytes.length)} kept`}
          {text === null && ', not UTF-8'}
        </span>
        {shown !== 'hex' && (
          <Switch size="xs" label="Wrap" checked={isWrapped} onChange={(event) => setWrapped(event.currentTarget.checked)} />
        )}
        <CopyButton
          label={shown === 'hex' ? 'Copy as base64' : 'Copy body'}
          text={() => (shown === 'hex' ? bodyBase64 : shown === 'pretty' ? (pretty ?? '') : (text ?? ''))}
        />
      </div>
      {shown === 'hex' ? (
        <HexRows label={label} bytes={bytes} />
      ) : (
        <TextRows label={label} text={shown === 'pretty' ? (pretty ?? '') : (text ?? '')} isJson={pretty !== null} isWrapped={isWrapped} />
      )}
    </div>
  );
}

function TextRows({
  label,
  text,
  isJson,
  isWrapped,
}: {
  readonly label: string;
  readonly text: string;
  readonly isJson: boolean;
  readonly isWrapped: boolean;
}) {
  const lines = useMemo(() => linesOf(text), [text]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => 20, overscan: 30 });
  const digits = String(lines.length).length;
  return (
    <div ref={scroller} className={styles['scroller']} tabIndex={0} role="region" aria-label={label}>
      <div className={styles['sheet']} data-wrap={isWrapped || undefined} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((row) => (
          <div
            key={row.index}
            data-index={row.index}
            ref={virtual.measureElement}
            className={styles['line']}
            style={{ transform: `translateY(${row.start}px)` }}
          >
            <span className={styles['number']} style={{ width: `${digits + 1}ch` }} aria-hidden>
              {row.index + 1}
            </span>
            <span className={styles['text']}>
              {isJson
                ? jsonTokens(lines[row.index] ?? '').map((token, index) => (
                    <span key={index} data-token={token.kind}>
                      {token.text}
                    </span>
                  ))
                : lines[row.index]}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}

/** Width that a row of sixteen bytes needs, offset and text included. */
const wideHexPx = 600;

function HexRows({ label, bytes }: { readonly label: string; readonly bytes: Uint8Array }) {
  const scroller = useRef<HTMLDivElement>(null);
  const size = useElementSize();
  const ref = useMergedRef(scroller, size.ref);
  const rowBytes = size.width > 0 && size.width < wideHexPx ? 8 : 16;
  const virtual = useVirtualizer({
    count: Math.ceil(bytes.length / rowBytes),
    getScrollElement: () => scroller.current,
    estimateSize: () => 20,
    overscan: 30,
  });
  return (
    <div ref={ref} className={styles['scroller']} tabIndex={0} role="region" aria-label={`${label} in hex`}>
      <div className={styles['sheet']} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((row) => {
          const { offset, hex, ascii } = hexRow(bytes, row.index, rowBytes);
          return (
            <div key={row.index} className={styles['line']} style={{ transform: `translateY(${row.start}px)` }}>
              <span className={styles['number']}>{offset}</span>
              <span className={styles['hex']}>{hex}</span>
              <span className={styles['ascii']}>{ascii}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
