import { Anchor, Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconRepeat, IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { curlCommand } from '#shared/curl-command.ts';
import type { Bin, Capture } from '#shared/contract/captures.ts';
import { formatRoute } from '../../base/router.ts';
import { useClient, useKeys } from '../../stores/session.tsx';
import { bytesText } from '../../base/size-format.ts';
import type { ItemStore } from '../../stores/item-store.ts';
import { bytesOfBase64 } from '../../ui/body-format.ts';
import { BodyView, ReadingBody } from '../../ui/body-view.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DecodableBody } from '../../ui/decodable-body.tsx';
import { useDecodedBody, type DecodedBody } from '../../ui/decoded-body.ts';
import { HeadersTable } from '../../ui/headers-table.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { signatureWord } from '../../ui/meaning.ts';
import { MeaningBadge, StatusBadge } from '../../ui/status-badge.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useCopy } from '../../ui/use-copy.ts';
import { ViewBoundary } from '../../ui/view-boundary.tsx';
import { VerdictView } from '../verify/verdict-view.tsx';
import { TransitPanel, useTransit } from './capture-transit.tsx';
import { captureBytes, captureSentence, copiedText } from './capture-text.ts';
import { CaptureRelays } from './capture-relays.tsx';
import { CompareDialog } from './compare-dialog.tsx';
import { CaptureMarks } from './capture-marks.tsx';
import { CaptureReplays } from './capture-replays.tsx';
import { CaptureTiming } from './capture-timing.tsx';
import { useDeleted } from '../../ui/use-deleted.ts';
import { DetailPending } from './detail-pending.tsx';
import styles from './captures.module.css';
import type { OpenedCapture } from './captures-store.ts';
import { ComparisonLine } from './comparison-line.tsx';
import { PrettyBody } from './pretty-body.tsx';
import { ReplayCapture } from './replay-capture.tsx';
import { SaveAsMenu } from './save-as-menu.tsx';

type CaptureTab = 'pretty' | 'raw' | 'hex' | 'headers' | 'signature' | 'timing' | 'transit';

interface CaptureDetailProps {
  readonly store: ItemStore<OpenedCapture>;
  readonly bin: Bin;
  /** The capture was deleted. */
  readonly onGone: () => void;
  /** The capture was replayed. */
  readonly onReplayed: () => void;
}

/** One inbound request, byte for byte, with the proof of where it came from. */
export function CaptureDetail({ store, bin, onGone, onReplayed }: CaptureDetailProps) {
  const { item, problem } = useStore(store);
  if (item === null) return <DetailPending problem={problem} onRetry={() => void store.refresh()} />;
  return <Detail key={item.capture.id} opened={item} bin={bin} onGone={onGone} onReplayed={onReplayed} />;
}

function Detail({
  opened: { capture, replays, relays },
  bin,
  onGone,
  onReplayed,
}: {
  readonly opened: OpenedCapture;
  readonly bin: Bin;
  readonly onGone: () => void;
  readonly onReplayed: () => void;
}) {
  const client = useClient();
  const tellDeleted = useDeleted();
  const [tab, setTab] = useState<CaptureTab>('pretty');
  const body = useDecodedBody(capture.bodyBase64);
  const { isCopied, copy } = useCopy();
  const origin = new URL(bin.url).origin;
  const curl = () =>
    curlCommand({
      method: capture.method,
      url: origin + capture.target,
      headers: capture.headers,
      body: bytesOfBase64(capture.bodyBase64),
      masked: 'nothing',
    });
  const copyCurl = () => copy(curl(), copiedText(capture));
  const [isReplaying, setReplaying] = useState(false);
  const [isComparing, setComparing] = useState(false);
  const transits = useTransit(capture);
  const { item: found } = useStore(transits);
  const transit = found?.transit ?? null;
  useKeys({
    c: copyCurl,
    r: () => setReplaying(true),
    ...(transit === null ? {} : { t: () => setTab('transit') }),
  });
  const remove = async () => {
    await client.captures.remove({ id: capture.id });
    tellDeleted('Capture deleted', async () => {
      await client.captures.restore({ id: capture.id });
      return {
        sentence: 'Capture restored.',
        route: { area: 'captures', id: capture.id, query: { bin: capture.binId } },
        itemId: capture.id,
      };
    });
    onGone();
  };
  return (
    <div className={styles['detail']} tabIndex={-1} data-focus-home="">
      <header className={styles['detailHead']}>
        <div className={styles['detailTitle']}>
          <h2 className="mono">
            {capture.method} {capture.target}
          </h2>
          <StatusBadge state={capture.verification?.verdict ?? 'unchecked'} word={verdictWord(capture)} />
        </div>
        <p className={styles['sentence']}>
          {captureSentence(capture)} Received <TimeText atMs={capture.receivedAtMs} /> as <IdText id={capture.id} label="capture id" />
        </p>
        {capture.source !== null && <BroughtBy source={capture.source} />}
        {capture.answeredBy !== null && <AnsweredLine capture={capture} answeredBy={capture.answeredBy} bin={bin} />}
        {capture.seenBeforeId !== null && <SeenBefore capture={capture} id={capture.seenBeforeId} />}
        {(transit !== null || capture.deliveryId !== null) && (
          <ul className={styles['proof']}>
            {transit !== null && <ComparisonLine body={transit.comparison.body} as={ProofLine} />}
            <li>
              <Anchor fz={13} underline="always" href={formatRoute({ area: 'deliveries', id: transit?.deliveryId ?? capture.deliveryId })}>
                Open the delivery that sent it
              </Anchor>
            </li>
          </ul>
        )}
        <CaptureReplays replays={replays} />
        <CaptureRelays verdicts={relays} />
        <CaptureMarks capture={capture} />
        <div className={styles['detailActions']}>
          <Button size="compact-xs" onClick={() => setReplaying(true)} title="r">
            Replay
          </Button>
          <SaveAsMenu capture={capture} bin={bin} onCopyCurl={copyCurl} isCopied={isCopied} />
          {transit !== null && (
            <Button size="compact-xs" variant="default" onClick={() => setTab('transit')} title="t">
              Compare with what was sent
            </Button>
          )}
          <Button size="compact-xs" variant="default" component="a" href={formatRoute({ area: 'verify', query: { capture: capture.id } })}>
            Check in Verify
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => setComparing(true)} title="=">
            Compare
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => void remove()}>
            Delete
          </Button>
        </div>
      </header>
      <CompareDialog
        bin={bin}
        known={[capture]}
        firstId={isComparing ? capture.id : null}
        secondId={null}
        onClose={() => setComparing(false)}
      />
      <ReplayCapture capture={capture} bin={bin} isOpen={isReplaying} onClose={() => setReplaying(false)} onSent={onReplayed} />
      <Tabs<CaptureTab>
        label="Capture"
        tabs={[
          { name: 'pretty', label: 'Pretty' },
          { name: 'raw', label: 'Raw' },
          { name: 'hex', label: 'Hex' },
          { name: 'headers', label: 'Headers', note: String(capture.headers.length) },
          { name: 'signature', label: 'Signature' },
          { name: 'timing', label: 'Timing' },
          { name: 'transit', label: 'Transit' },
        ]}
        value={tab}
        onChange={setTab}
      >
        <div className={styles['panel']}>
          <ViewBoundary what="This view of the capture" shows={tab}>
            {tab === 'transit' ? <TransitPanel store={transits} /> : <CapturePanel tab={tab} capture={capture} body={body} />}
          </ViewBoundary>
        </div>
      </Tabs>
    </div>
  );
}

/** It came by a source, and what the channel did to its body. */
function BroughtBy({ source: { kind, body, message } }: { readonly source: NonNullable<Capture['source']> }) {
  return (
    <p className={styles['sentence']}>
      {body === 'rewritten' ? (
        <MeaningBadge meaning="trouble" icon={IconAlertTriangle} word="body re-written" />
      ) : (
        <MeaningBadge meaning="good" icon={IconCheck} word={body === 'exact' ? 'exact bytes' : 'same length'} />
      )}{' '}
      It came by {kind === 'smee' ? 'a smee channel' : 'the stream of another Hookyard'}. {message}
      {kind === 'smee' && ' Its method, path and the case of its header names are not those of the sender.'}
    </p>
  );
}

interface AnsweredLineProps {
  readonly capture: Capture;
  readonly answeredBy: NonNullable<Capture['answeredBy']>;
  readonly bin: Bin;
}

/** What answered the request, and why. */
function AnsweredLine({ capture, answeredBy: { kind, label, ruleId, why }, bin }: AnsweredLineProps) {
  const isThere = ruleId !== null && bin.answers.rules.some(({ id }) => id === ruleId);
  return (
    <p className={styles['sentence']}>
      {kind === 'problem' && (
        <>
          <MeaningBadge meaning="bad" icon={IconX} word="template failed" />{' '}
        </>
      )}
      Answered {capture.response.status}
      {/* Why a bin's own answer came names it, and the step. */}
      {kind !== 'own' && ' by '}
      {isThere ? (
        <Anchor fz={13} underline="always" href={formatRoute({ area: 'captures', query: { bin: bin.id, edit: 'yes' } })}>
          {label}
        </Anchor>
      ) : (
        kind !== 'own' && <b>{label}</b>
      )}
      : {why}
    </p>
  );
}

/** The same signature came before: what a receiver that checks for replays goes by. */
function SeenBefore({ capture, id }: { readonly capture: Capture; readonly id: string }) {
  const hasTime = capture.verification?.timestampAgeSeconds != null;
  return (
    <p className={styles['sentence']}>
      <MeaningBadge meaning="trouble" icon={IconRepeat} word="seen before" />{' '}
      <Anchor fz={13} underline="always" href={formatRoute({ area: 'captures', id, query: { bin: capture.binId } })}>
        An earlier capture
      </Anchor>{' '}
      has the same signature, so a receiver that checks for replays refuses this one.
      {!hasTime && ' The signature covers no time: a new event with the same bytes looks the same.'}
    </p>
  );
}

function verdictWord({ verification }: Capture): string {
  if (verification === null) return 'not checked';
  return signatureWord(verification.verdict);
}

interface ProofLineProps {
  readonly icon: React.ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>;
  readonly meaning: string;
  readonly title: string;
  readonly children: React.ReactNode;
}

function ProofLine({ icon: IconShape, meaning, title, children }: ProofLineProps) {
  return (
    <li data-meaning={meaning}>
      <IconShape size={15} stroke={2.2} aria-hidden />
      <b>{title}</b> <span>{children}</span>
    </li>
  );
}

interface CapturePanelProps {
  readonly tab: Exclude<CaptureTab, 'transit'>;
  readonly capture: Capture;
  /** Null while it is being decoded. */
  readonly body: DecodedBody | null;
}

function CapturePanel({ tab, capture, body }: CapturePanelProps) {
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
