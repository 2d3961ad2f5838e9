import { Switch } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';
import type { Warning } from '#shared/contract/common.ts';
import type { PreparedRequest } from '#shared/contract/preview.ts';
import { CodeEditor } from '../../editor/code-editor.tsx';
import { bytesText } from '../../base/size-format.ts';
import { BodyView } from '../../ui/body-view.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { HeadersTable } from '../../ui/headers-table.tsx';
import { SignedString } from '../../ui/signed-string.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { chosenEndpoint, chosenEventType, type ComposeState, type Preview } from './compose-state.ts';
import styles from './compose.module.css';
import { AttemptChoice, AttemptLine } from './attempt-choice.tsx';
import { CodeView } from './code-view.tsx';
import { ComparisonView, type ComparisonViewProps } from './comparison-view.tsx';
import type { ComposeStore } from './compose-store.types.ts';
import { OriginView, type LineMarking } from './origin-view.tsx';
import type { PlacedProblem } from './placed-problem.ts';
import type { PreviewView } from './preview-view.ts';
import { requestHead, requestLine } from './request-text.ts';
import { targetHints } from './target-hints.ts';

type RequestTab = 'request' | 'body' | 'signature' | 'code' | 'compare';
type RenderedProblem = Extract<PlacedProblem, { where: 'rendered' }>;

/** The exact request that would go out now, and remarks on it. */
export function RequestPane({ store, state }: { readonly store: ComposeStore; readonly state: ComposeState }) {
  const { resend } = state;
  return (
    <RequestTabs
      preview={state.preview}
      isGiven={state.draft.head !== null}
      view={state.view}
      onView={store.setView}
      marking={{ line: state.markedLine, mark: store.markLine }}
      comparison={{
        endpointId: chosenEndpoint(state)?.id ?? null,
        first: resend === null || resend.kind === 'pasted' ? null : { kind: resend.kind, id: resend.id },
      }}
      renderRemarks={(onShowBody) => <Remarks state={state} onShowBody={onShowBody} />}
    />
  );
}

interface RequestTabsProps {
  readonly preview: Preview;
  /** Whether method and headers are given, so that nothing but a signature is new when it is sent. */
  readonly isGiven?: boolean;
  readonly view: PreviewView;
  readonly onView: (view: PreviewView) => void;
  /** The line of the template that is marked in its editor too; undefined where there is none to be seen. */
  readonly marking?: LineMarking | undefined;
  /** What it can be compared with; undefined where there is nothing yet. */
  readonly comparison?: Pick<ComparisonViewProps, 'endpointId' | 'first'> | undefined;
  /** What stands above the request; the way to its body is null where that is shown. */
  readonly renderRemarks: (onShowBody: (() => void) | null) => ReactNode;
}

/** A previewed request in its tabs: line and headers, body, signature, as code, and beside another one. */
export function RequestTabs({ preview, isGiven = false, view, onView, marking, comparison, renderRemarks }: RequestTabsProps) {
  const [tab, setTab] = useState<RequestTab>('request');
  const { request, problem } = preview;
  const rendered = problem?.where === 'rendered' ? problem : null;
  return (
    <Tabs<RequestTab>
      label="Request"
      tabs={[
        { name: 'request', label: 'Request' },
        { name: 'body', label: 'Body', note: rendered !== null ? 'error' : request === null ? undefined : bytesText(request.bodyBytes) },
        { name: 'signature', label: 'Signature' },
        { name: 'code', label: 'Code' },
        ...(comparison === undefined ? [] : [{ name: 'compare', label: 'Compare' } as const]),
      ]}
      value={tab}
      onChange={setTab}
      aside={<AttemptChoice view={view} onChange={onView} />}
    >
      <AttemptLine view={view} onChange={onView} />
      {renderRemarks(tab === 'body' ? null : () => setTab('body'))}
      <div
        className={styles['request']}
        data-stale={(request !== null && problem !== null && !(tab === 'body' && rendered !== null)) || undefined}
      >
        {tab === 'body' && rendered !== null ? (
          <RenderedBody problem={rendered} />
        ) : (
          request !== null && (
            <RequestTabBody
              tab={tab}
              request={request}
              isGiven={isGiven}
              view={view}
              onView={onView}
              marking={marking}
              comparison={comparison}
            />
          )
        )}
      </div>
    </Tabs>
  );
}

function Remarks({ state, onShowBody }: { readonly state: ComposeState; readonly onShowBody: (() => void) | null }) {
  const { request, problem } = state.preview;
  const isMissingUrl =
    problem?.where === 'request' &&
    chosenEndpoint(state) === null &&
    state.oneOff.url === '' &&
    problem.issues.some((issue) => issue.path.endsWith('url'));
  if (isMissingUrl) return <p className={styles['remark']}>Type a URL to see the request.</p>;
  // The URL field says itself what is wrong with it.
  if (problem?.where === 'request' && chosenEndpoint(state) === null && problem.issues.some((issue) => issue.path.endsWith('url')))
    return <p className={styles['remark']}>Correct the URL to see the request.</p>;
  // So does a scheme option.
  if (
    problem?.where === 'request' &&
    chosenEndpoint(state) === null &&
    problem.issues.some(({ path }) => /(?:^|\.)(?:signing|options)\./.test(path))
  )
    return <p className={styles['remark']}>Correct the marked option of the scheme to see the request.</p>;
  if (problem !== null) return <ProblemRemark preview={state.preview} onShowBody={onShowBody} />;
  const isSecretMadeLater = chosenEndpoint(state) === null && request?.secretSource === 'placeholder';
  const warnings = (request?.warnings ?? []).filter((warning) => !(isSecretMadeLater && warning.code === 'SECRET_PLACEHOLDER'));
  if (isSecretMadeLater && warnings.length === 0)
    return <p className={styles['remark']}>Signed with a new secret when it is sent. Type the receiver's secret to sign with that one.</p>;
  return (
    <>
      <WarningsRemark warnings={warnings} />
      <HintsRemark state={state} />
    </>
  );
}

/** Hints about the endpoint before something is sent to it. */
function HintsRemark({ state }: { readonly state: ComposeState }) {
  const endpoint = state.endpoints.find(({ id }) => id === state.target);
  const hints = endpoint === undefined ? [] : targetHints(endpoint, chosenEventType(state));
  if (hints.length === 0) return null;
  return (
    <div className={styles['remark']}>
      {hints.map(({ sentence, atMs }) => (
        <p key={sentence}>
          {sentence}
          {atMs !== null && (
            <>
              , <TimeText atMs={atMs} />
            </>
          )}
          .
        </p>
      ))}
    </div>
  );
}

interface ProblemRemarkProps {
  readonly preview: Preview;
  readonly onShowBody: (() => void) | null;
}

/** Why a request cannot be made; nothing if it can. */
export function ProblemRemark({ preview: { request, problem }, onShowBody }: ProblemRemarkProps) {
  if (problem === null) return null;
  const lastOne = request === null ? '' : ' Below is the last one that could be made.';
  return (
    <p className={styles['remark']} data-meaning="bad" role="status">
      {problem.where === 'data' && `The data is not JSON, so the request cannot be made.${lastOne}`}
      {problem.where === 'files' && `The request cannot be made yet: Files says why.${lastOne}`}
      {problem.where === 'body' && `The body cannot be read, so the request cannot be made.${lastOne}`}
      {problem.where === 'headers' && `The headers cannot be read, so the request cannot be made. ${problem.message}${lastOne}`}
      {problem.where === 'template' && `The template does not render, so the request cannot be made.${lastOne}`}
      {problem.where === 'rendered' && (
        <>
          What the template renders is not JSON.{' '}
          {onShowBody !== null && (
            <button type="button" className={styles['link']} onClick={onShowBody}>
              Show the place
            </button>
          )}
        </>
      )}
      {problem.where === 'request' && (problem.issues.map((issue) => issue.message).join(' ') || problem.message)}
    </p>
  );
}

/** Remarks on a request that can be made. */
export function WarningsRemark({ warnings }: { readonly warnings: readonly Warning[] }) {
  if (warnings.length === 0) return null;
  return (
    <div className={styles['remark']} data-meaning="trouble" role="status">
      {warnings.map((warning) => (
        <p key={warning.code + warning.message}>{warning.message}</p>
      ))}
    </div>
  );
}

/** What a template rendered that is not JSON, with the place marked. */
function RenderedBody({ problem }: { readonly problem: RenderedProblem }) {
  const markers = useMemo(() => [{ ...problem.place, message: problem.message, severity: 'error' as const }], [problem]);
  return (
    <>
      <p className={styles['caption']}>
        Rendered body, line {problem.place.line}, column {problem.place.column}
      </p>
      <div className={styles['rendered']}>
        <CodeEditor label="Rendered body" path="rendered" language="json-view" value={problem.rendered} markers={markers} isWrapped />
      </div>
    </>
  );
}

interface RequestTabBodyProps extends Pick<RequestTabsProps, 'view' | 'onView' | 'marking' | 'comparison'> {
  readonly tab: RequestTab;
  readonly request: PreparedRequest;
  readonly isGiven: boolean;
}

function RequestTabBody({ tab, request, isGiven, view, onView, marking, comparison }: RequestTabBodyProps) {
  switch (tab) {
    case 'request':
      return <RequestHead request={request} isGiven={isGiven} />;
    case 'body':
      return <RequestBody request={request} view={view} onView={onView} marking={marking} />;
    case 'signature':
      return <SignatureView request={request} />;
    case 'code':
      return <CodeView request={request} view={view} onView={onView} />;
    case 'compare':
      return comparison === undefined ? null : <ComparisonView request={request} {...comparison} />;
  }
}

/** The body, or the parts of it that each line of the template made. */
function RequestBody({ request, view, onView, marking }: Pick<RequestTabBodyProps, 'request' | 'view' | 'onView' | 'marking'>) {
  const body = <BodyView label="Body" body={request.bodyBase64} bodyBytes={request.bodyBytes} isTall />;
  if (marking === undefined) return body;
  return (
    <>
      <div className={styles['traced']}>
        <Switch
          size="xs"
          label="By lines of the template"
          checked={view.isTraced}
          onChange={(event) => {
            marking.mark(null);
            onView({ ...view, isTraced: event.currentTarget.checked });
          }}
        />
      </div>
      {view.isTraced ? <OriginView request={request} marking={marking} /> : body}
    </>
  );
}

function RequestHead({ request, isGiven }: Pick<RequestTabBodyProps, 'request' | 'isGiven'>) {
  const signatureHeaders = request.signature?.headers.map(([name]) => name) ?? [];
  return (
    <div className={styles['scroll']}>
      <div className={styles['line']}>
        <code>{requestLine(request)}</code>
        <CopyButton label="Copy request line and headers" text={() => requestHead(request)} />
      </div>
      <HeadersTable headers={request.headers} marked={signatureHeaders} />
      <p className={styles['caption']}>
        {signatureHeaders.length > 0 && 'The tinted headers carry the signature. '}
        {!isGiven && 'Id and time are new when it is sent.'}
        {isGiven && signatureHeaders.length > 0 && 'It is made anew when the request is sent.'}
      </p>
      <BodyView label="Body" body={request.bodyBase64} bodyBytes={request.bodyBytes} />
    </div>
  );
}

const secretSources: Readonly<Record<PreparedRequest['secretSource'], string>> = {
  endpoint: "the endpoint's secret",
  draft: 'the secret typed above',
  auth: 'the secret of its authentication',
  placeholder: 'a placeholder, because there is no secret yet',
  none: 'no secret',
};

function SignatureView({ request }: { readonly request: PreparedRequest }) {
  const { signature } = request;
  if (signature === null)
    return (
      <p className={styles['caption']}>
        The request is not signed. Turn signing on in the endpoint to let receivers check where it comes from.
      </p>
    );
  const secrets = signature.secretFingerprints;
  return (
    <div className={styles['scroll']}>
      <h2 className={styles['heading']}>Signed string</h2>
      <SignedString signedBase64={signature.signedBase64} parts={signature.parts} />
      <h2 className={styles['heading']}>Headers that carry it</h2>
      <HeadersTable headers={signature.headers} />
      <dl className={styles['facts']}>
        <dt>Scheme</dt>
        <dd>{signature.scheme}</dd>
        <dt>Signed with</dt>
        <dd>{secretSources[request.secretSource]}</dd>
        {request.secretSource !== 'placeholder' && secrets.length > 0 && (
          <>
            <dt>{secrets.length === 1 ? 'Fingerprint' : 'Fingerprints'}</dt>
            <dd className="mono" title="First 8 hex digits of the SHA-256 of the secret">
              {secrets.join(', ')}
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}
