import { Button, Switch } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../../stores/session.tsx';
import { countText, numberText } from '../../base/size-format.ts';
import { Delayed } from '../../ui/delayed.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { isWorthASearch, searchSentence, type SolverStore } from './solver-store.ts';
import type { VerifyState, VerifyStore } from './verify-state.ts';
import { SearchResult } from './search-result.tsx';
import styles from './solver-panel.module.css';

interface SolverPanelProps {
  readonly store: VerifyStore;
  readonly state: VerifyState;
  readonly solver: SolverStore;
}

/** Why the signature does not match: the search under way, the causes found with their proof, or what to ask for. */
export function SolverPanel({ store, state, solver }: SolverPanelProps) {
  const { search, isAllSecrets } = useStore(solver);
  const { announce } = useSession();
  const sentence = searchSentence(search);
  useEffect(() => {
    if (sentence !== null) announce(sentence);
  }, [announce, sentence]);
  const { verification } = state;
  if (verification === null || !isWorthASearch(verification, state, isAllSecrets)) return null;
  return (
    <section className={styles['panel']} aria-label="Cause">
      <div className={styles['bar']}>
        <h2>{verification.reason === 'unknown' ? 'Whether it is signed in another way' : 'Why it does not match'}</h2>
        {state.owners.length > 0 && (
          <Switch
            size="xs"
            label="All secrets of this workspace"
            checked={isAllSecrets}
            onChange={(event) => solver.setAllSecrets(event.currentTarget.checked)}
          />
        )}
      </div>
      {search.kind === 'none' && <NotSearched state={state} isAllSecrets={isAllSecrets} />}
      {search.kind === 'running' && (
        <Delayed delayMs={100}>
          <div className={styles['running']}>
            <div className={styles['track']} role="progressbar" aria-label="Searching for the cause" />
            <span>
              Searching{search.progress === null ? '' : `, ${search.progress.phase}: ${numberText(search.progress.tried)} signatures tried`}
            </span>
            <Button size="compact-xs" variant="default" onClick={solver.cancel}>
              Cancel
            </Button>
          </div>
        </Delayed>
      )}
      {search.kind === 'cancelled' && (
        <p className={styles['muted']}>
          Cancelled after {countText(search.tried, 'signature', 'signatures')}. <SearchAgain solver={solver} />
        </p>
      )}
      {search.kind === 'failed' && <ErrorNotice problem={search.problem} onRetry={() => void solver.start()} />}
      {search.kind === 'done' && <SearchResult result={search.result} store={store} state={state} solver={solver} />}
    </section>
  );
}

function SearchAgain({ solver }: { readonly solver: SolverStore }) {
  return (
    <Button size="compact-xs" variant="default" leftSection={<IconSearch size={13} />} onClick={() => void solver.start()}>
      Search again
    </Button>
  );
}

function NotSearched({ state, isAllSecrets }: { readonly state: VerifyState; readonly isAllSecrets: boolean }) {
  const hasSecret = isAllSecrets || state.input.secretsOf !== null || state.input.secrets.some((secret) => secret !== '');
  if (hasSecret || state.isStale) return null;
  return (
    <p className={styles['muted']}>
      {state.owners.length > 0
        ? 'Enter the secret, or try all secrets of this workspace, to search for the cause.'
        : 'Enter the secret to search for the cause.'}
    </p>
  );
}
