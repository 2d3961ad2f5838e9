import { Tooltip } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { durationText } from '#shared/duration-text.ts';
import type { Attempt, ConnectionFacts, Timings } from '#shared/contract/deliveries.ts';
import { BodyView, ReadingBody } from '../../ui/body-view.tsx';
import { DecodableBody, type BodyPlace } from '../../ui/decodable-body.tsx';
import { useDecodedBody } from '../../ui/decoded-body.ts';
import { HeadersTable } from '../../ui/headers-table.tsx';
import { SignedString } from '../../ui/signed-string.tsx';
import { Tabs, type Tab } from '../../ui/tabs.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { ViewBoundary } from '../../ui/view-boundary.tsx';
import { ArrivedPanel } from './arrived-panel.tsx';
import { phasesOf } from './waterfall.ts';
import styles from './attempt-panel.module.css';

type Panel = 'request' | 'response' | 'timing' | 'connection' | 'signature' | 'arrived';

interface AttemptPanelProps {
  /** The attempt, without bodies while they are being read. */
  readonly attempt: Attempt;
  readonly areBodiesLoaded: boolean;
}

/** One attempt: what was sent, what came back, how long each phase took, over which connection, and what was signed. */
export function AttemptPanel({ attempt, areBodiesLoaded }: AttemptPanelProps) {
  const [panel, setPanel] = useState<Panel>('response');
  const { response, outcome } = attempt;
  const tabs: readonly Tab<Panel>[] = [
    { name: 'response', label: 'Response', note: response === null ? (outcome?.code ?? '') : String(response.status) },
    { name: 'request', label: 'Request' },
    { name: 'timing', label: 'Timing', note: attempt.timings === null ? undefined : durationText(attempt.timings.totalMs) },
    { name: 'connection', label: 'Connection' },
    { name: 'signature', label: 'Signature' },
    { name: 'arrived', label: 'What arrived' },
  ];
  return (
    <Tabs label={`Attempt ${attempt.number}`} tabs={tabs} value={panel} onChange={setPanel}>
      {!areBodiesLoaded && <ProgressBar isActive />}
      <div className={styles['panel']}>
        <ViewBoundary what="This part of the attempt" shows={`${attempt.id} ${panel}`}>
          {panelOf(panel, attempt)}
        </ViewBoundary>
      </div>
    </Tabs>
  );
}

function panelOf(panel: Panel, attempt: Attempt): ReactNode {
  switch (panel) {
    case 'request':
      return <RequestPanel attempt={attempt} />;
    case 'response':
      return <ResponsePanel attempt={attempt} />;
    case 'timing':
      return attempt.timings === null ? (
        <Nothing>The attempt is still under way.</Nothing>
      ) : (
        <Waterfall timings={attempt.timings} isReused={attempt.connection?.isReused ?? false} />
      );
    case 'connection':
      return (
        <>
          {attempt.connection === null ? <Nothing>No connection was made.</Nothing> : <ConnectionPanel connection={attempt.connection} />}
          <RedirectsPanel redirects={attempt.redirects} />
          <StepsPanel steps={attempt.steps} />
        </>
      );
    case 'signature':
      return <SignaturePanel attempt={attempt} />;
    case 'arrived':
      return attempt.endedAtMs === null ? <Nothing>The attempt is still under way.</Nothing> : <ArrivedPanel attemptId={attempt.id} />;
  }
}

function RequestPanel({ attempt: { id, request, signature } }: { readonly attempt: Attempt }) {
  if (request === null) return <Nothing>No request was made.</Nothing>;
  return (
    <>
      <p className={styles['line']}>
        <b>{request.method}</b> {request.url}
      </p>
      <HeadersTable headers={request.headers} marked={(signature?.headers ?? []).map(([name]) => name)} />
      {request.bodyBase64 !== null && (
        <AttemptBody label="Request body" place={{ kind: 'attempt', id, of: 'request' }} message={request} body={request.bodyBase64} />
      )}
    </>
  );
}

function ResponsePanel({ attempt: { id, response, outcome } }: { readonly attempt: Attempt }) {
  if (response === null) return <Nothing>{outcome === null ? 'Waiting for the answer.' : outcome.message}</Nothing>;
  return (
    <>
      <p className={styles['line']}>
        <b>{response.status}</b> {response.reason}
      </p>
      {outcome !== null && outcome.code !== 'ok' && <p className={styles['note']}>{outcome.message}</p>}
      <HeadersTable headers={response.headers} empty="The answer had no headers." />
      {response.bodyBase64 !== null && (
        <AttemptBody label="Response body" place={{ kind: 'attempt', id, of: 'answer' }} message={response} body={response.bodyBase64} />
      )}
    </>
  );
}

interface AttemptBodyProps {
  readonly label: string;
  readonly place: BodyPlace;
  readonly message: Pick<NonNullable<Attempt['response']>, 'headers' | 'bodyBytes'> & { readonly isBodyTruncated?: boolean };
  readonly body: string;
}

function AttemptBody({ label, place, message: { headers, bodyBytes, isBodyTruncated = false }, body }: AttemptBodyProps) {
  const raw = useDecodedBody(body);
  if (raw === null) return <ReadingBody />;
  return (
    <DecodableBody label={label} place={place} headers={headers} body={raw}>
      {(shown, isDecoded) => (
        <BodyView
          key={String(isDecoded)}
          label={label}
          body={shown}
          bodyBytes={isDecoded ? shown.bytes.length : bodyBytes}
          isTruncated={!isDecoded && isBodyTruncated}
        />
      )}
    </DecodableBody>
  );
}

function Waterfall({ timings, isReused }: { readonly timings: Timings; readonly isReused: boolean }) {
  const phases = phasesOf(timings);
  const total = Math.max(timings.totalMs, ...phases.map(({ startMs, durationMs }) => startMs + (durationMs ?? 0)), 0.001);
  return (
    <table className={styles['waterfall']}>
      <caption className="visually-hidden">Time spent in each phase</caption>
      <colgroup>
        <col className={styles['nameColumn']} />
        <col />
        <col className={styles['valueColumn']} />
      </colgroup>
      <tbody>
        {phases.map(({ name, label, startMs, durationMs }) => (
          <tr key={name}>
            <th scope="row">{label}</th>
            <td className={styles['track']}>
              {durationMs !== null && (
                <Tooltip label={`${label}: ${durationText(durationMs)}, from ${durationText(startMs)}`}>
                  <span
                    className={styles['phase']}
                    data-phase={name}
                    style={{ left: `${(startMs / total) * 100}%`, width: `${(durationMs / total) * 100}%` }}
                  />
                </Tooltip>
              )}
            </td>
            <td className={styles['value']}>
              {durationMs === null ? (
                <span className={styles['none']}>
                  {isReused && (name === 'dns' || name === 'connect' || name === 'tls') ? 'reused' : '\u2013'}
                </span>
              ) : (
                durationText(durationMs)
              )}
            </td>
          </tr>
        ))}
        <tr className={styles['total']}>
          <th scope="row">Total</th>
          <td />
          <td className={styles['value']}>{durationText(timings.totalMs)}</td>
        </tr>
      </tbody>
    </table>
  );
}

function ConnectionPanel({ connection }: { readonly connection: ConnectionFacts }) {
  const { tls } = connection;
  const facts: readonly (readonly [string, string | null])[] = [
    [
      connection.proxy === undefined ? 'Remote address' : 'Address of the proxy',
      connection.remoteAddress === null
        ? null
        : `${connection.remoteAddress}${connection.remotePort === null ? '' : ` port ${connection.remotePort}`}`,
    ],
    ['Through the proxy', connection.proxy ?? null],
    ['Connection', connection.isReused ? 'reused from an earlier attempt' : 'opened for this attempt'],
    ['TLS', tls === null ? 'none (plain HTTP)' : [tls.protocol, tls.cipher, tls.alpn].filter((part) => part !== null).join(', ')],
    ['Certificate', tls?.subject ?? null],
    ['Issued by', tls?.issuer ?? null],
    ['Valid', typeof tls?.validFrom !== 'string' ? null : `${tls.validFrom} to ${tls.validTo ?? '?'}`],
    ['SHA-256', tls?.fingerprint256 ?? null],
    ['Trusted', tls === null ? null : tls.isAuthorized ? 'yes' : `no: ${tls.authorizationError ?? 'unknown reason'}`],
  ];
  return (
    <dl className={styles['facts']}>
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function RedirectsPanel({ redirects }: { readonly redirects: Attempt['redirects'] }) {
  if (redirects.length === 0) return null;
  return (
    <>
      <h4 className={styles['heading']}>Redirects followed</h4>
      <dl className={styles['facts']}>
        {redirects.map(({ url, status, location, remoteAddress, durationMs }) => (
          <div key={url}>
            <dt>{status}</dt>
            <dd>
              {url} to {location} ({[remoteAddress, durationText(durationMs)].filter((part) => part !== null).join(', ')})
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** What the attempt did beside its request. */
function StepsPanel({ steps }: { readonly steps: Attempt['steps'] }) {
  if (steps.length === 0) return null;
  return (
    <>
      <h4 className={styles['heading']}>Authentication</h4>
      <dl className={styles['facts']}>
        {steps.map(({ kind, url, status, durationMs, message }) => (
          <div key={kind}>
            <dt>{status ?? 'no answer'}</dt>
            <dd>
              {url} ({durationText(durationMs)}). {message}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function SignaturePanel({ attempt: { signature } }: { readonly attempt: Attempt }) {
  if (signature === null) return <Nothing>This endpoint does not sign.</Nothing>;
  return (
    <>
      <dl className={styles['facts']}>
        <div>
          <dt>Scheme</dt>
          <dd>{signature.scheme}</dd>
        </div>
        <div>
          <dt>Secrets</dt>
          <dd className="mono">{signature.secretFingerprints.join(', ') || 'none'}</dd>
        </div>
      </dl>
      <HeadersTable headers={signature.headers} />
      <h4 className={styles['heading']}>Signed string</h4>
      <SignedString signedBase64={signature.signedBase64} parts={signature.parts} />
    </>
  );
}

function Nothing({ children }: { readonly children: ReactNode }) {
  return <p className={styles['nothing']}>{children}</p>;
}
