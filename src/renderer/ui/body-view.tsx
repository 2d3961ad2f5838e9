import { SegmentedControl, Switch } from '@mantine/core';
import { useElementSize, useLocalStorage, useMergedRef } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useMemo, useRef, useState } from 'react';
import { bytesText, numberText } from '../base/size-format.ts';
import { base64OfBytes, hexRow, jsonTokens, markupTokens, type BodyMode, type Token } from './body-format.ts';
import { jsonRows, looksLikeJson, prettyJson, rawRows, type TextRow } from './body-rows.ts';
import { CopyButton } from './copy-button.tsx';
import { useDecodedBody, type DecodedBody } from './decoded-body.ts';
import { Delayed } from './delayed.tsx';
import { PieceBar } from './piece-bar.tsx';
import { usePieces } from './use-pieces.ts';
import { ViewBoundary } from './view-boundary.tsx';
import styles from './body-view.module.css';

interface BodyViewProps {
  /** What the body is, for assistive technology: `Request body`. */
  readonly label: string;
  /** The body, in base64 as the contract carries it, as bytes, or decoded already. */
  readonly body: string | Uint8Array<ArrayBuffer> | DecodedBody;
  /** True size, also where less was kept. */
  readonly bodyBytes: number;
  readonly isTruncated?: boolean;
  /** Mode to begin with; pretty JSON where the body is JSON by default. */
  readonly mode?: BodyMode;
  /** Shows `mode` only, where something else chooses it. */
  readonly isModeFixed?: boolean;
  /** Colours its text as XML or HTML. */
  readonly isMarkup?: boolean;
  /** Fills its parent instead of ending at 360 px. */
  readonly isTall?: boolean;
}

/** Copied laid out up to this length; longer ones are copied as they came. */
const laidOutChars = 1_048_576;

/** A body as pretty JSON, as raw text or as bytes with offsets; piece by piece, and of each only the rows in sight, however long it is. */
export function BodyView(props: BodyViewProps) {
  return (
    <ViewBoundary what="This body" shows={props.body}>
      <Body {...props} />
    </ViewBoundary>
  );
}

function Body({ body, ...props }: BodyViewProps) {
  return typeof body === 'string' || body instanceof Uint8Array ? (
    <EncodedView {...props} body={body} />
  ) : (
    <DecodedView {...props} decoded={body} />
  );
}

type ViewProps = Omit<BodyViewProps, 'body'>;

function EncodedView({ body, ...props }: ViewProps & { readonly body: string | Uint8Array<ArrayBuffer> }) {
  const decoded = useDecodedBody(body);
  return decoded === null ? <ReadingBody /> : <DecodedView {...props} decoded={decoded} />;
}

/** Stands where a long body will, while it is being decoded. */
export function ReadingBody() {
  return (
    <Delayed delayMs={100}>
      <p className={styles['empty']} role="status">
        Reading\u2026
      </p>
    </Delayed>
  );
}

function DecodedView({
  label,
  decoded: { bytes, text },
  bodyBytes,
  isTruncated = false,
  mode,
  isModeFixed = false,
  isMarkup = false,
  isTall = false,
}: ViewProps & { readonly decoded: DecodedBody }) {
  const isJson = useMemo(() => text !== null && looksLikeJson(text), [text]);
  const [chosen, setChosen] = useState<BodyMode | null>(mode ?? null);
  const [isWrapped, setWrapped] = useLocalStorage({ key: 'hookyard.body.wrap', defaultValue: true, getInitialValueInEffect: false });
  const possible: readonly BodyMode[] = isJson ? ['pretty', 'raw', 'hex'] : text !== null ? ['raw', 'hex'] : ['hex'];
  const wanted = isModeFixed ? (mode ?? null) : chosen;
  const shown = wanted !== null && possible.includes(wanted) ? wanted : (possible[0] ?? 'hex');
  if (bodyBytes === 0) return <p className={styles['empty']}>Empty body (0 B).</p>;
  const isCopiedLaidOut = shown === 'pretty' && text !== null && text.length <= laidOutChars;
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
          {isTruncated && (bytes.length < bodyBytes ? `, first ${bytesText(bytes.length)} kept` : ', cut off')}
          {text === null && ', not UTF-8'}
        </span>
        {shown !== 'hex' && (
          <Switch size="xs" label="Wrap" checked={isWrapped} onChange={(event) => setWrapped(event.currentTarget.checked)} />
        )}
        <CopyButton
          label={shown === 'hex' ? 'Copy as base64' : shown === 'raw' || isCopiedLaidOut ? 'Copy body' : 'Copy body as it came'}
          text={() => (shown === 'hex' ? base64OfBytes(bytes) : isCopiedLaidOut ? (prettyJson(text) ?? text) : (text ?? ''))}
        />
      </div>
      {shown === 'hex' || text === null ? (
        <HexPieces label={label} bytes={bytes} />
      ) : (
        <TextPieces
          key={shown}
          label={label}
          text={text}
          tokens={isJson ? jsonTokens : isMarkup ? markupTokens : null}
          isPretty={shown === 'pretty'}
          isWrapped={isWrapped}
        />
      )}
    </div>
  );
}

/** Cuts a row into the runs that are coloured. */
type Tokens = (row: string) => readonly Token[];

interface TextPiecesProps {
  readonly label: string;
  readonly text: string;
  readonly tokens: Tokens | null;
  readonly isPretty: boolean;
  readonly isWrapped: boolean;
}

const textLimits = { rows: 5000, size: 262_144, sizeOf: (row: TextRow) => row.text.length };

function TextPieces({ label, text, tokens, isPretty, isWrapped }: TextPiecesProps) {
  const source = useCallback(() => (isPretty ? jsonRows(text) : rawRows(text)), [text, isPretty]);
  const { rows, piece, isReading, isLast, show } = usePieces(source, textLimits);
  const [first, last] = [rows[0], rows.at(-1)];
  const share = text.length === 0 ? 100 : Math.floor(((last?.end ?? 0) / text.length) * 100);
  const lines =
    first?.line === last?.line
      ? `Line ${numberText(first?.line ?? 1)}`
      : `Lines ${numberText(first?.line ?? 1)} to ${numberText(last?.line ?? 1)}`;
  return (
    <>
      <TextRows key={piece} label={label} rows={rows} tokens={tokens} isWrapped={isWrapped} />
      <PieceBar label={label} place={`${lines}, to ${share} % of the body`} {...{ piece, isReading, isLast }} onShow={show} />
    </>
  );
}

interface TextRowsProps {
  readonly label: string;
  readonly rows: readonly TextRow[];
  readonly tokens: Tokens | null;
  readonly isWrapped: boolean;
}

function TextRows({ label, rows, tokens, isWrapped }: TextRowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => 20, overscan: 10 });
  const digits = String(rows.at(-1)?.line ?? 1).length;
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
              {rows[row.index]?.isContinued === true ? '' : rows[row.index]?.line}
            </span>
            <span className={styles['text']}>
              {tokens === null
                ? rows[row.index]?.text
                : tokens(rows[row.index]?.text ?? '').map((token, index) => (
                    <span key={index} data-token={token.kind}>
                      {token.text}
                    </span>
                  ))}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}

/** Width that a row of sixteen bytes needs, offset and text included. */
const wideHexPx = 600;

/** Bytes in one piece of a hex view. */
const hexPieceBytes = 65_536;

function HexPieces({ label, bytes }: { readonly label: string; readonly bytes: Uint8Array }) {
  const [piece, setPiece] = useState(0);
  const from = piece * hexPieceBytes;
  const to = Math.min(bytes.length, from + hexPieceBytes);
  const place = `Bytes ${numberText(from)} to ${numberText(to - 1)} of ${numberText(bytes.length)}`;
  return (
    <>
      <HexRows key={piece} label={label} bytes={bytes} from={from} to={to} />
      <PieceBar label={label} place={place} piece={piece} isReading={false} isLast={to === bytes.length} onShow={setPiece} />
    </>
  );
}

interface HexRowsProps {
  readonly label: string;
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

function HexRows({ label, bytes, from, to }: HexRowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const size = useElementSize();
  const ref = useMergedRef(scroller, size.ref);
  const rowBytes = size.width > 0 && size.width < wideHexPx ? 8 : 16;
  const virtual = useVirtualizer({
    count: Math.ceil((to - from) / rowBytes),
    getScrollElement: () => scroller.current,
    estimateSize: () => 20,
    overscan: 30,
  });
  return (
    <div ref={ref} className={styles['scroller']} tabIndex={0} role="region" aria-label={`${label} in hex`}>
      <div className={styles['sheet']} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((row) => {
          const { offset, hex, ascii } = hexRow(bytes, from / rowBytes + row.index, rowBytes);
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
