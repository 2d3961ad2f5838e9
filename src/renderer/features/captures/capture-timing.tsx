import { durationText } from '#shared/duration-text.ts';
import type { Capture } from '#shared/contract/captures.ts';
import { wireEndText, wireFaultText } from '#shared/wire-fault-words.ts';
import { bytesText } from '../../base/size-format.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { statusText } from './bin-answer.ts';
import styles from './capture-detail.module.css';

/** When the request came, how long its body took, and how long the answer took, drawn to scale. */
export function CaptureTiming({ capture }: { readonly capture: Capture }) {
  if (capture.source !== null) return <BroughtTiming capture={capture} />;
  const { fault, sent } = capture.response;
  const { bodyMs } = capture.timings;
  const totalMs = capture.timings.totalMs ?? sent?.endedMs ?? null;
  const answerMs = totalMs === null ? null : Math.max(0, totalMs - bodyMs);
  const scale = Math.max(totalMs ?? bodyMs, 0.001);
  const share = (ms: number) => `${((ms / scale) * 100).toFixed(2)}%`;
  return (
    <div className={styles['scroll']}>
      <table className={styles['timing']}>
        <caption className="visually-hidden">Time spent in each phase</caption>
        <tbody>
          <tr>
            <th scope="row">Receiving</th>
            <td className={styles['track']}>
              <span data-phase="receive" style={{ left: 0, width: share(bodyMs) }} />
            </td>
            <td className={styles['value']}>{durationText(bodyMs)}</td>
          </tr>
          <tr>
            <th scope="row">Answering</th>
            <td className={styles['track']}>
              {answerMs !== null && <span data-phase="answer" style={{ left: share(bodyMs), width: share(answerMs) }} />}
            </td>
            <td className={styles['value']}>{answerMs === null ? 'not finished' : durationText(answerMs)}</td>
          </tr>
          <tr>
            <th scope="row">Total</th>
            <td />
            <td className={styles['value']}>{totalMs === null ? 'not finished' : durationText(totalMs)}</td>
          </tr>
        </tbody>
      </table>
      <dl className={styles['facts']}>
        <dt>Received</dt>
        <dd>
          <TimeText atMs={capture.receivedAtMs} as="exact" />
        </dd>
        <dt>Answered with</dt>
        <dd>
          {statusText(capture.response.status)}, {bytesText(capture.response.bodyBytes)}
        </dd>
        <dt>Delay of the bin</dt>
        <dd>{capture.response.delayMs === 0 ? 'none' : durationText(capture.response.delayMs)}</dd>
        {fault !== null && (
          <>
            <dt>Fault</dt>
            <dd>{wireFaultText(fault)}</dd>
          </>
        )}
        {sent !== null && (
          <>
            <dt>What was sent</dt>
            <dd>{wireEndText(sent)}</dd>
          </>
        )}
        <ArrivalFacts capture={capture} />
        <dt>From</dt>
        <dd className="mono">{capture.remoteAddress}</dd>
      </dl>
    </div>
  );
}

/** A source tells nothing of how long the request and its answer took. */
function BroughtTiming({ capture }: { readonly capture: Capture }) {
  return (
    <dl className={styles['facts']}>
      <dt>Came by the source</dt>
      <dd>
        <TimeText atMs={capture.receivedAtMs} as="exact" />
      </dd>
      <dt>Answered there with</dt>
      <dd>{statusText(capture.response.status)}</dd>
      {capture.remoteAddress !== '' && (
        <>
          <dt>From</dt>
          <dd className="mono">{capture.remoteAddress}</dd>
        </>
      )}
    </dl>
  );
}

const urlSources = {
  request: 'read from the request',
  proxy: 'as its proxy says',
  'public-url': 'the public URL of the bin',
} as const;

/** By which way it came in. */
function ArrivalFacts({ capture: { arrival, httpVersion } }: { readonly capture: Capture }) {
  const { by, url, urlFrom, tls } = arrival;
  return (
    <>
      <dt>URL</dt>
      <dd>
        <span className="mono">{url}</span>, {urlSources[urlFrom]}
      </dd>
      <dt>Bin named by</dt>
      <dd>{by === 'host' ? 'the host' : 'the path'}</dd>
      {tls !== null && (
        <>
          <dt>TLS</dt>
          <dd>
            {tls.protocol}, {tls.cipher}, {tls.serverName === null ? 'without a server name' : `server name ${tls.serverName}`}
            {tls.fault === null ? '' : `, with the fault ${tls.fault}`}
          </dd>
        </>
      )}
      {httpVersion.startsWith('2') && (
        <>
          <dt>Protocol</dt>
          <dd>HTTP/2, which writes header names in lower case; the host is from :authority</dd>
        </>
      )}
    </>
  );
}
