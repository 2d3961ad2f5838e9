import { Button } from '@mantine/core';
import { IconShieldQuestion } from '@tabler/icons-react';
import { useCallback, useEffect, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { useChanges, useKeys, useRoute, useSession, useSettings, type Session } from '../../stores/session.tsx';
import { createPasteReader } from '../../base/paste-reader.ts';
import { startPasteWorker } from '../../base/paste-thread.ts';
import { exactText } from '../../base/time-format.ts';
import { AreaBar } from '../../ui/area-bar.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { readInput } from './verify-input.ts';
import { AppliedNote } from './applied-note.tsx';
import { CaseButton } from './case-button.tsx';
import { judgedBy } from './judged-by.ts';
import { JudgedNote } from './judged-note.tsx';
import { LogPicker } from './log-picker.tsx';
import { SnippetButton } from '../snippets-panel/snippet-panel.tsx';
import { SchemeFacts } from './scheme-facts.tsx';
import { SolverPanel } from './solver-panel.tsx';
import { createSolverStore, type SolverStore } from './solver-store.ts';
import type { VerifyState, VerifyStore } from './verify-state.ts';
import { createVerifyStore } from './verify-store.ts';
import { VerdictView } from './verdict-view.tsx';
import { VerifyForm } from './verify-form.tsx';
import styles from './verify.module.css';

interface Stores {
  readonly store: VerifyStore;
  readonly solver: SolverStore;
}

/** One pair of stores for each session, in memory only: what is pasted here may be a customer's. */
const storesBySession = new WeakMap<Session, Stores>();

function storesOf(session: Session): Stores {
  const known = storesBySession.get(session);
  if (known !== undefined) return known;
  const later = (callback: () => void, delayMs: number) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  };
  const store = createVerifyStore(session.client, later, createPasteReader(startPasteWorker));
  const stores = { store, solver: createSolverStore(session.client, store, later) };
  storesBySession.set(session, stores);
  return stores;
}

/** Verify: a request as it was pasted on the left, the verdict with its proof on the right. */
export function AreaView() {
  const session = useSession();
  const { store, solver } = storesOf(session);
  const state = useStore(store);
  const { capture, attempt } = useRoute().query;
  const loggedId = capture ?? attempt;
  const { announce } = session;
  const open = useCallback(
    async (id: string) => {
      const said = await store.openFromLog(id);
      if (said !== null) announce(said);
    },
    [store, announce],
  );
  useEffect(() => void store.load(), [store]);
  useEffect(() => {
    if (loggedId === undefined) return;
    void open(loggedId);
    // The address would fill the form again on every return and undo what was typed since.
    session.router.replace({ area: 'verify' });
  }, [open, session, loggedId]);
  useChanges(['endpoints', 'bins'], () => void store.load());
  const check = async () => {
    await store.check();
    // In a small window the verdict comes below what can be seen. Where something is missing, its field has the focus.
    if (store.getState().missing === null) showWhenDrawn('verify-result');
  };
  useKeys({ 'mod+enter': () => void check() });
  useAnnouncedVerdict(state);
  useMissingFocus(state);
  const clear = () => {
    store.clear();
    // What may have had the focus is gone, and what comes next is a paste.
    document.getElementById('verify-head')?.focus();
  };
  return (
    <div className={styles['area']}>
      <AreaBar
        title="Verify"
        action={
          <Button size="xs" onClick={() => void check()} rightSection={<KeyHint keys="mod+Enter" />}>
            Check
          </Button>
        }
      >
        <LogPicker onPick={(id) => void open(id)} />
        <span className={styles['spacer']} />
        <Button variant="subtle" size="xs" onClick={store.showExample}>
          Try an example
        </Button>
        <Button variant="subtle" size="xs" color="gray" onClick={clear}>
          Clear
        </Button>
        <CaseButton state={state} solver={solver} />
      </AreaBar>
      <SplitPane
        name="verify"
        isAlwaysSplit
        initialShare={0.48}
        minListPx={360}
        minDetailPx={360}
        detailLabel="Verdict"
        onBack={() => undefined}
        list={<VerifyForm store={store} state={state} />}
        detail={
          <>
            <AppliedNote store={store} state={state} />
            <Verdict store={store} state={state} solver={solver} />
          </>
        }
      />
    </div>
  );
}

function Verdict({ store, state, solver }: Stores & { readonly state: VerifyState }) {
  const { verification, problem, missing, input, schemes, isStale } = state;
  if (missing !== null)
    return (
      <NoVerdict state={state}>
        <span role="alert">{missing.message}</span>
      </NoVerdict>
    );
  if (problem !== null) {
    const rest = problem.issues.filter((issue) => !/^(options\.|secrets\.)/.test(issue.path));
    return (
      <div id="verify-result" className={styles['result']}>
        <ErrorNotice problem={problem} rest={rest} onRetry={() => void store.load()} />
        <Facts state={state} />
      </div>
    );
  }
  if (verification !== null)
    return (
      <div id="verify-result" className={styles['result']}>
        <VerdictView
          verification={verification}
          cause={
            <>
              <JudgedNote store={store} state={state} />
              <SolverPanel store={store} state={state} solver={solver} />
            </>
          }
        />
        <Facts state={state} />
        <CheckedAt state={state} />
      </div>
    );
  const hasHeaders = readInput(input, schemes).header.headers.length > 0;
  if (input.head.trim() !== '' && !hasHeaders)
    return <NoVerdict state={state}>No header could be read yet. Write each as Name: value.</NoVerdict>;
  if (hasHeaders) return <NoVerdict state={state}>{isStale ? 'Checking…' : 'Correct the marked field to get a verdict.'}</NoVerdict>;
  if (input.scheme !== null) return <NoVerdict state={state}>Paste a request to learn whether its signature is right.</NoVerdict>;
  return (
    <EmptyState
      icon={IconShieldQuestion}
      sentence="Paste the headers and the body of a request to learn whether its signature is right, and why not."
      action={
        <Button size="xs" variant="default" onClick={store.showExample}>
          Try an example
        </Button>
      }
      example={
        <code>{'webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek\nwebhook-timestamp: 1614265330\nwebhook-signature: v1,g0hM9SsE+OTP…'}</code>
      }
    />
  );
}

/** Shown instead of a verdict; with the facts of the scheme if one was chosen. */
function NoVerdict({ state, children }: { readonly state: VerifyState; readonly children: ReactNode }) {
  return (
    <div className={styles['result']}>
      <p className={styles['none']}>{children}</p>
      {state.input.scheme !== null && <Facts state={state} />}
    </div>
  );
}

/** When the verdict was given: with no clock set, it is one on this moment. */
function CheckedAt({ state: { checkedAtMs, input } }: { readonly state: VerifyState }) {
  const isUtc = useSettings()?.isUtc ?? false;
  if (checkedAtMs === null) return null;
  return (
    <p className={styles['checkedAt']}>
      Checked at {exactText(checkedAtMs, isUtc).slice(11, 19)}
      {input.clock.trim() === '' && ', with that as the receiver’s clock'}.
    </p>
  );
}

/** The facts of the scheme that is checked, with the code of a receiver for it. */
function Facts({ state }: { readonly state: VerifyState }) {
  const { verification, input, schemes } = state;
  const chosen = readInput(input, schemes);
  const judged = input.scheme === null && verification !== null ? judgedBy(verification) : null;
  const { scheme, signing } = judged === null ? chosen : { scheme: judged.scheme, signing: judged };
  const info = state.schemes.find((candidate) => candidate.id === scheme);
  return info === undefined ? null : <SchemeFacts info={info} action={signing === null ? null : <SnippetButton signing={signing} />} />;
}

/** Scrolls to an element once it is drawn; one that is in view stays where it is. */
function showWhenDrawn(id: string): void {
  requestAnimationFrame(() => document.getElementById(id)?.scrollIntoView({ block: 'nearest' }));
}

/** Goes to the field in which something is missing. */
function useMissingFocus({ missing }: VerifyState) {
  useEffect(() => {
    if (missing !== null) document.getElementById(`verify-${missing.field}`)?.focus();
  }, [missing]);
}

function useAnnouncedVerdict({ verification, isStale }: VerifyState) {
  const { announce } = useSession();
  const sentence = isStale ? null : (verification?.message ?? null);
  useEffect(() => {
    if (sentence !== null) announce(sentence);
  }, [announce, sentence]);
}
