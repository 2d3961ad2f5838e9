import { Anchor, Button } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { capturedUrl, curlCommand } from '#shared/curl-command.ts';
import type { Capture } from '#shared/contract/captures.ts';
import type { Bin } from '#shared/contract/bins.ts';
import { formatRoute } from '../../base/router.ts';
import { useClient, useKeys } from '../../stores/session.tsx';
import type { ItemStore } from '../../stores/item-store.ts';
import { bytesOfBase64 } from '../../ui/body-format.ts';
import { useDecodedBody } from '../../ui/decoded-body.ts';
import { IdText } from '../../ui/id-text.tsx';
import { signatureWord } from '../../ui/meaning.ts';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useCopy } from '../../ui/use-copy.ts';
import { ViewBoundary } from '../../ui/view-boundary.tsx';
import { compareRoute } from '../comparing/compare-route.ts';
import { TransitPanel, useTransit } from './capture-transit.tsx';
import { AnsweredLine, BroughtBy, ProofLine, SeenBefore } from './capture-lines.tsx';
import { CapturePanel, type CaptureTab } from './capture-panel.tsx';
import { captureSentence, copiedText } from './capture-text.ts';
import { CaptureRelays } from './capture-relays.tsx';
import { CaptureMarks } from './capture-marks.tsx';
import { CaptureReplays } from './capture-replays.tsx';
import { useDeleted } from '../../ui/use-deleted.ts';
import { DetailPending } from './detail-pending.tsx';
import styles from './capture-detail.module.css';
import type { OpenedCapture } from './captures-store.ts';
import { ComparisonLine } from './comparison-line.tsx';
import { areTwo, arePicked, type Picked } from './picked.ts';
import { ReplayCapture } from './replay-capture.tsx';
import { SaveAsMenu } from './save-as-menu.tsx';

type Tab = CaptureTab | 'transit';

interface CaptureDetailProps {
  readonly store: ItemStore<OpenedCapture>;
  readonly bin: Bin;
  /** Picked beside it; keys that both have act on these. */
  readonly picked: Picked | null;
  /** The capture was deleted. */
  readonly onGone: () => void;
  /** The capture was replayed. */
  readonly onReplayed: () => void;
}

/** One inbound request, byte for byte, with the proof of where it came from. */
export function CaptureDetail({ store, ...rest }: CaptureDetailProps) {
  const { item, problem } = useStore(store);
  if (item === null) return <DetailPending problem={problem} onRetry={() => void store.refresh()} />;
  return <Detail key={item.capture.id} opened={item} {...rest} />;
}

interface DetailProps extends Omit<CaptureDetailProps, 'store'> {
  readonly opened: OpenedCapture;
}

function Detail({ opened: { capture, replays, relays }, bin, picked, onGone, onReplayed }: DetailProps) {
  const client = useClient();
  const tellDeleted = useDeleted();
  const [tab, setTab] = useState<Tab>('pretty');
  const body = useDecodedBody(capture.bodyBase64);
  const { isCopied, copy } = useCopy();
  const origin = new URL(bin.url).origin;
  const curl = () =>
    curlCommand({
      method: capture.method,
      ...capturedUrl(origin, capture.target),
      headers: capture.headers,
      body: bytesOfBase64(capture.bodyBase64),
      masked: 'nothing',
    });
  const copyCurl = () => copy(curl(), copiedText(capture));
  const [isReplaying, setReplaying] = useState(false);
  const transits = useTransit(capture);
  const { item: found } = useStore(transits);
  const transit = found?.transit ?? null;
  useKeys({
    c: copyCurl,
    ...(arePicked(picked) ? {} : { r: () => setReplaying(true) }),
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
          <Button size="compact-xs" onClick={() => setReplaying(true)} {...(!arePicked(picked) && { title: 'r' })}>
            Replay
          </Button>
          <SaveAsMenu capture={capture} bin={bin} arePicked={arePicked(picked)} onCopyCurl={copyCurl} isCopied={isCopied} />
          {transit !== null && (
            <Button size="compact-xs" variant="default" onClick={() => setTab('transit')} title="t">
              Compare with what was sent
            </Button>
          )}
          <Button size="compact-xs" variant="default" component="a" href={formatRoute({ area: 'verify', query: { capture: capture.id } })}>
            Check in Verify
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            component="a"
            href={formatRoute(compareRoute(capture.id))}
            {...(!areTwo(picked) && { title: '=' })}
          >
            Compare with…
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => void remove()}>
            Delete
          </Button>
        </div>
      </header>
      <ReplayCapture capture={capture} bin={bin} isOpen={isReplaying} onClose={() => setReplaying(false)} onSent={onReplayed} />
      <Tabs<Tab>
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

function verdictWord({ verification }: Capture): string {
  if (verification === null) return 'not checked';
  return signatureWord(verification.verdict);
}
