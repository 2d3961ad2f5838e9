import { Button } from '@mantine/core';
import { IconShieldQuestion } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useChanges, useKeys, useRoute, useSession, type Session } from '../../session.tsx';
import { AreaBar } from '../../ui/area-bar.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { readInput } from './verify-input.ts';
import { createVerifyStore, type VerifyState, type VerifyStore } from './verify-store.ts';
import { VerdictView } from './verdict-view.tsx';
import { VerifyForm } from './verify-form.tsx';
import styles from './verify.module.css';

/** One store for each session, in memory only: what is pasted here may be a customer's. */
const storeBySession = new WeakMap<Session, VerifyStore>();

function storeOf(session: Session): VerifyStore {
  const known = storeBySession.get(session);
  if (known !== undefined) return known;
  const store = createVerifyStore(session.client, (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  });
  storeBySession.set(session, store);
  return store;
}

/** Verify: a request as it was pasted on the left, the verdict with its proof on the right. */
export function AreaView() {
  const session = useSession();
  const store = storeOf(session);
  const state = useStore(store);
  const captureId = useRoute().query['capture'];
  useEffect(() => void store.load(), [store]);
  useEffect(() => {
    if (captureId === undefined) return;
    void store.openCapture(captureId);
    // The address would fill the form again on every return and undo what was typed since.
    session.router.replace({ area: 'verify' });
  }, [store, session, captureId]);
  useChanges(['endpoints', 'bins'], () => void store.load());
  useKeys({ 'mod+enter': () => void store.check() });
  useAnnouncedVerdict(state);
  return (
    <div className={styles['area']}>
      <AreaBar
        title="Verify"
        action={
          <Button size="xs" onClick={() => void store.check()} rightSection={<KeyHint keys="mod+Enter" />}>
            Check
          </Button>
        }
      >
        <span className={styles['spacer']} />
        <Button variant="subtle" size="xs" onClick={store.showExample}>
          Try an example
        </Button>
        <Button variant="subtle" size="xs" color="gray" onClick={store.clear}>
          Clear
        </Button>
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
        detail={<Verdict store={store} state={state} />}
      />
    </div>
  );
}

function Verdict({ store, state }: { readonly store: VerifyStore; readonly state: VerifyState }) {
  const { verification, problem, input, schemes, isStale } = state;
  if (problem !== null) {
    const rest = problem.issues.filter((issue) => !/^(options\.|secrets\.)/.test(issue.path));
    return (
      <div className={styles['result']}>
        <ErrorNotice problem={problem} rest={rest} onRetry={() => void store.load()} />
      </div>
    );
  }
  if (verification !== null)
    return (
      <div className={styles['result']}>
        <VerdictView verification={verification} />
        <Pitfall state={state} />
      </div>
    );
  const hasHeaders = readInput(input, schemes).header.headers.length > 0;
  if (input.head.trim() !== '' && !hasHeaders)
    return <p className={styles['none']}>No header could be read yet. Write each as Name: value.</p>;
  if (hasHeaders) return <p className={styles['none']}>{isStale ? '' : 'Correct the marked field to get a verdict.'}</p>;
  return (
    <EmptyState
      icon={IconShieldQuestion}
      sentence="Paste the headers and the body of a request to learn whether its signature is right, and why not."
      action={
        <Button variant="default" onClick={store.showExample}>
          Try an example
        </Button>
      }
      example={
        <code>{'webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek\nwebhook-timestamp: 1614265330\nwebhook-signature: v1,g0hM9SsE+OTP…'}</code>
      }
    />
  );
}

function Pitfall({ state }: { readonly state: VerifyState }) {
  const { scheme } = readInput(state.input, state.schemes);
  const info = state.schemes.find((candidate) => candidate.id === scheme);
  if (info === undefined || info.pitfall === '' || state.verification?.verdict === 'valid') return null;
  return (
    <p className={styles['pitfall']}>
      <b>What goes wrong most with {info.title}:</b> {info.pitfall}
    </p>
  );
}

function useAnnouncedVerdict({ verification, isStale }: VerifyState) {
  const { announce } = useSession();
  const sentence = isStale ? null : (verification?.message ?? null);
  useEffect(() => {
    if (sentence !== null) announce(sentence);
  }, [announce, sentence]);
}
