import { useStore } from 'zustand';
import type { Bin } from '#shared/contract/bins.ts';
import { CloseDetail } from '../../../ui/close-detail.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';
import type { ReachStore } from './reach-store.ts';
import { SourcesPart } from './sources-part.tsx';
import { StreamsPart } from './streams-part.tsx';
import { TunnelPart } from './tunnel-part.tsx';
import styles from './reach.module.css';

interface ReachPanelProps {
  readonly store: ReachStore;
  readonly bin: Bin;
  readonly onClose: () => void;
}

/** How a bin is reached beside its own URL: what it takes from elsewhere, who follows it, and what makes it public. */
export function ReachPanel({ store, bin, onClose }: ReachPanelProps) {
  const { sources, streamKeys, tunnels, programs, isLoaded, problem } = useStore(store);
  const ofBin = <T extends { readonly binId: string }>(items: readonly T[]) => items.filter(({ binId }) => binId === bin.id);
  return (
    <div className={styles['panel']} tabIndex={-1} data-focus-home="">
      <header className={styles['head']}>
        <h2 className="truncate">Reach of {bin.name}</h2>
        <span className={styles['space']} />
        <CloseDetail onClose={onClose} />
      </header>
      <ProgressBar isActive={!isLoaded && problem === null} />
      <div className={styles['scroll']}>
        <ErrorNotice problem={problem} onRetry={() => void store.load()} />
        {isLoaded && (
          <>
            <SourcesPart bin={bin} sources={ofBin(sources)} />
            <StreamsPart bin={bin} streamKeys={ofBin(streamKeys)} />
            <TunnelPart bin={bin} tunnel={ofBin(tunnels)[0] ?? null} programs={programs} />
          </>
        )}
      </div>
    </div>
  );
}
