import { useMediaQuery } from '@mantine/hooks';
import type { Bin } from '#shared/contract/bins.ts';
import { narrowQuery } from '../../base/narrow.ts';
import { useSession } from '../../stores/session.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { BinForm } from './bin-form.tsx';
import { BinHeader } from './bin-header.tsx';
import { CaptureDetail } from './capture-detail.tsx';
import { CaptureList } from './capture-list.tsx';
import { filterBoxId } from './capture-tools.tsx';
import type { CaptureStores } from './captures-store.ts';
import { NewBin } from './new-bin.tsx';
import type { DetailPlace } from './place.ts';
import { ReachPanel } from './reach/reach-panel.tsx';
import type { ReachStore } from './reach/reach-store.ts';
import { RefusedDetail } from './refused-detail.tsx';
import type { RefusedStores } from './refused-store.ts';
import type { Picking } from './use-picked.ts';
import styles from './captures.module.css';

interface BinMainProps {
  readonly bin: Bin;
  readonly stores: CaptureStores;
  readonly refused: RefusedStores;
  readonly reach: ReachStore;
  readonly picking: Picking;
  /** What stands beside the list. */
  readonly at: DetailPlace;
  /** The filter as it is written; empty for none. */
  readonly text: string;
  /** Why a part of the filter is not a filter. */
  readonly doubt: string | null;
  readonly onClearFilter: () => void;
}

/** One bin: its addresses, what it received, and one request or form in detail. */
export function BinMain({ bin, stores, refused, reach, picking, at, text, doubt, onClearFilter }: BinMainProps) {
  const { router } = useSession();
  const isNarrow = useMediaQuery(narrowQuery, undefined, { getInitialValueInEffect: false });
  const query = { bin: bin.id, f: text };
  const close = () => router.visit({ area: 'captures', query });
  const onGone = () => router.replace({ area: 'captures', query });
  const form = (onClose: (() => void) | null) => <BinForm key={bin.id} bin={bin} onSaved={() => onClose?.()} onClose={onClose} />;
  const detail = () => {
    switch (at.kind) {
      case 'new':
        return <NewBin onClose={close} />;
      case 'capture':
        return (
          <CaptureDetail
            store={stores.detail}
            bin={bin}
            picked={isNarrow ? null : picking.picked}
            onGone={onGone}
            onReplayed={() => void stores.readGoneOn()}
          />
        );
      case 'refused':
        return <RefusedDetail store={refused.detail} onGone={onGone} />;
      case 'reach':
        return <ReachPanel key={bin.id} store={reach} bin={bin} onClose={close} />;
      case 'edit':
        return form(close);
      case 'none':
        return null;
    }
  };
  return (
    <div className={styles['main']}>
      <BinHeader
        bin={bin}
        reach={reach}
        onEdit={() => router.go({ area: 'captures', query: { bin: bin.id, edit: 'yes' } })}
        onReach={() => router.go({ area: 'captures', query: { bin: bin.id, reach: 'yes' } })}
      />
      <SplitPane
        name="captures"
        initialShare={0.44}
        minListPx={300}
        minDetailPx={380}
        list={
          <CaptureList
            stores={stores}
            refused={refused.list}
            bin={bin}
            picking={picking}
            isShown={!isNarrow || at.kind === 'none'}
            selectedId={'id' in at ? at.id : null}
            onSelect={(id) => router.visit({ area: 'captures', id, query })}
            text={text}
            doubt={doubt}
            onClear={() => {
              onClearFilter();
              // The button goes with the filter.
              document.getElementById(filterBoxId)?.focus();
            }}
          />
        }
        detail={detail()}
        placeholder={form(null)}
        onBack={close}
      />
    </div>
  );
}
