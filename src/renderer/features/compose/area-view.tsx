import { useCallback, useEffect, useRef, useState } from 'react';
import { useKeys, useRoute, useSession } from '../../stores/session.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { focusFirstError } from '../../ui/first-error.ts';
import { SplitPane } from '../../ui/split-pane.tsx';
import styles from './compose.module.css';
import { noTarget, oneOffKey } from './draft.ts';
import { EditorPane } from './editor-pane.tsx';
import { PasteDialog } from './paste-dialog.tsx';
import { RequestPane } from './request-pane.tsx';
import { ResultPanel } from './result-panel.tsx';
import { TargetBar } from './target-bar.tsx';
import type { ComposeStore } from './compose-store.types.ts';
import { ResendBar } from './resend-bar.tsx';
import { useCompose, useComposeStore } from './use-compose.ts';

const resendKinds = ['delivery', 'capture', 'pasted'] as const;

/** Compose: an event on the left, the exact request it makes on the right, and below what became of it. */
export function AreaView() {
  const store = useComposeStore();
  const state = useCompose(store);
  const { router } = useSession();
  const area = useRef<HTMLDivElement>(null);
  const [isPasting, setPasting] = useState(false);
  const send = useCallback(() => void sendOrLead(store, area.current), [store]);
  useKeys({ 'mod+enter': send });
  useOrigin(store);
  return (
    <div ref={area} className={styles['compose']}>
      <TargetBar store={store} state={state} onSend={send} onPaste={() => setPasting(true)} />
      <PasteDialog
        isOpen={isPasting}
        onClose={() => setPasting(false)}
        onUse={(request) => {
          setPasting(false);
          router.go({ area: 'compose', query: { pasted: store.keepPasted(request) } });
        }}
      />
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
        detail={<RequestPane store={store} state={state} />}
      />
      <ResultPanel store={store} state={state} />
    </div>
  );
}

/** Sends what is composed, or goes to what prevents that: the wrong field, or the error in the text. */
async function sendOrLead(store: ComposeStore, area: HTMLElement | null) {
  await store.send();
  const { sending, preview, target, oneOff } = store.getState();
  if (sending.kind !== 'idle' || preview.problem === null || focusFirstError(area)) return;
  const missing = target === noTarget ? '[aria-label="Endpoint"]' : target === oneOffKey && oneOff.url === '' ? '[aria-label="URL"]' : null;
  area?.querySelector<HTMLElement>(missing ?? '[data-place] button, [role="tabpanel"] [role="textbox"]')?.focus();
}

/**
 * Applies what the address asks for. An endpoint or event is applied once: the address is then only that of Compose, so that later
 * choices stay. What is to be sent again stays in the address, since it is what is shown.
 */
function useOrigin(store: ComposeStore) {
  const { router } = useSession();
  const { endpoint, event, to, sign, ...sources } = useRoute().query;
  const kind = resendKinds.find((name) => sources[name] !== undefined);
  const id = kind === undefined ? undefined : sources[kind];
  const isOnce = endpoint !== undefined || event !== undefined;
  useEffect(() => {
    if (!isOnce) {
      void store.openResend(kind === undefined || id === undefined ? null : { kind, id, to, isSigned: sign === 'yes' });
      // A target that was chosen elsewhere is one to begin with: a reload must not undo another choice.
      if (kind !== undefined && to !== undefined) router.replace({ area: 'compose', query: { [kind]: id } });
      return;
    }
    void store.openFrom({ endpoint, event });
    router.replace({ area: 'compose' });
  }, [store, router, isOnce, endpoint, event, kind, id, to, sign]);
}
