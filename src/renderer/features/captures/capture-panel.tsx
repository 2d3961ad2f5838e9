import { useMemo } from 'react';
import type { Capture } from '#shared/contract/captures.ts';
import { bytesText } from '../../base/size-format.ts';
import { BodyView, ReadingBody } from '../../ui/body-view.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DecodableBody } from '../../ui/decodable-body.tsx';
import type { DecodedBody } from '../../ui/decoded-body.ts';
import { HeadersTable } from '../../ui/headers-table.tsx';
import { VerdictView } from '../verify/verdict-view.tsx';
import styles from './capture-detail.module.css';
import { captureBytes } from './capture-text.ts';
import { CaptureTiming } from './capture-timing.tsx';
import { PrettyBody } from './pretty-body.tsx';

/** The views of a capture by itself. */
export type CaptureTab = 'pretty' | 'raw' | 'hex' | 'headers' | 'signature' | 'timing';

interface CapturePanelProps {
  readonly tab: CaptureTab;
  readonly capture: Capture;
  /** Null while it is being decoded. */
  readonly body: DecodedBody | null;
}

/** One view of a capture. */
export function CapturePanel({ tab, capture, body }: CapturePanelProps) {
  switch (tab) {
    case 'pretty':
      return body === null ? (
        <ReadingBody />
      ) : (
        <DecodableBody label="Body" place={{ kind: 'capture', id: capture.id }} headers={capture.headers} body={body}>
          {(shown, isDecoded) => <PrettyBody capture={isDecoded ? decodedOf(capture, shown) : capture} body={shown} />}
        </DecodableBody>
      );
    case 'raw':
      return body === null ? <ReadingBody /> : <RawRequest capture={capture} body={body} />;
    case 'hex':
      return body === null ? (
        <ReadingBody />
      ) : (
        <BodyView
          label="Body in hex"
          body={body}
          bodyBytes={capture.bodyBytes}
          isTruncated={capture.isBodyTruncated}
          mode="hex"
          isModeFixed
          isTall
        />
      );
    case 'headers':
      return <CaptureHeaders capture={capture} />;
    case 'signature':
      return capture.verification === null ? (
        <p className={styles['none']}>
          This bin has no scheme, so the signature was not checked on arrival. Use Check in Verify to try one.
        </p>
      ) : (
        <div className={styles['scroll']}>
          <VerdictView verification={capture.verification} />
        </div>
      );
    case 'timing':
      return <CaptureTiming capture={capture} />;
  }
}

/** The capture as if its body had been received decoded. */
function decodedOf(capture: Capture, { bytes }: DecodedBody): Capture {
  return { ...capture, bodyBytes: bytes.length, isBodyTruncated: false };
}

function RawRequest({ capture, body }: { readonly capture: Capture; readonly body: DecodedBody }) {
  const whole = useMemo(() => captureBytes(capture, body.bytes), [capture, body]);
  if (body.text === null)
    return <p className={styles['none']}>The body is not UTF-8 text ({bytesText(capture.bodyBytes)}); Hex shows its bytes.</p>;
  return <BodyView label="Request as received" body={whole} bodyBytes={whole.length} mode="raw" isModeFixed isTall />;
}

function CaptureHeaders({ capture }: { readonly capture: Capture }) {
  return (
    <div className={styles['scroll']}>
      <div className={styles['line']}>
        <code>
          {capture.method} {capture.target} HTTP/{capture.httpVersion.replace(/^HTTP\//, '')}
        </code>
        <CopyButton label="Copy request line" text={`${capture.method} ${capture.target}`} />
      </div>
      <HeadersTable
        headers={capture.headers}
        marked={capture.headers.map(([name]) => name).filter((name) => /signature|webhook-(id|timestamp)|hmac/i.test(name))}
      />
      {capture.trailers.length > 0 && (
        <>
          <h3>Trailers</h3>
          <HeadersTable headers={capture.trailers} />
        </>
      )}
      <h3>Answer</h3>
      <HeadersTable headers={capture.response.headers} empty="The answer had no headers of its own." />
    </div>
  );
}
