import { useCallback, useEffect } from 'react';
import { useKeys, useRoute, useSession } from '../../session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import styles from './compose.module.css';
import { EditorPane } from './editor-pane.tsx';
import { RequestPane } from './request-pane.tsx';
import { ResultPanel } from './result-panel.tsx';
import { TargetBar } from './target-bar.tsx';
import type { ComposeStore } from './compose-store.ts';
import { ResendBar } from './resend-bar.tsx';
import { useCompose, useComposeStore } from './use-compose.ts';

/** Compose: an event on the left, the exact request it makes on the right, and below what became of it. */
export function AreaView() {
  const store = useComposeStore();
  const state = useCompose(store);
  const send = useCallback(() => void store.send(), [store]);
  useKeys({ 'mod+enter': send });
  useOrigin(store);
  return (
    <div className={styles['compose']}>
      <TargetBar store={store} state={state} onSend={send} />
      <ResendBar store={store} state={state} />
      {state.loadProblem !== null && (
        <div className={styles['notice']}>
          <ErrorNotice problem={state.loadProblem} onRetry={() => void store.load()} />
        </div>
      )}
      <SplitPane
        name="compose"
        isAlwaysSplit
        initialShare={0.5}
        minListPx={340}
        minDetailPx={340}
        detailLabel="Request"
        onBack={() => undefined}
        list={<EditorPane store={store} state={state} onSend={send} />}
        detail={<RequestPane state={state} />}
      />
      <ResultPanel store={store} state={state} />
    </div>
  );
}

/**
 * Takes over what the address asks for. An endpoint or event is taken over once: the address then names Compose alone, so that
 * what is chosen here stays. A delivery to be sent again stays in the address: it is what is shown.
 */
function useOrigin(store: ComposeStore) {
  const { router } = useSession();
  const { endpoint, event, delivery } = useRoute().query;
  const isOnce = endpoint !== undefined || event !== undefined;
  useEffect(() => {
    if (!isOnce) return void store.openResend(delivery ?? null);
    void store.openFrom({ endpoint, event });
    router.replace({ area: 'compose' });
  }, [store, router, isOnce, endpoint, event, delivery]);
}
