import { useEffect, useState, type ComponentType, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../stores/session.tsx';
import { ErrorNotice } from './error-notice.tsx';

/** A part of the window in a file of its own, read when it is first shown. */
export interface Chunk<Props> {
  /** The part, once it was read. */
  readonly loaded: () => ComponentType<Props> | null;
  readonly load: () => Promise<ComponentType<Props>>;
}

/** A chunk by its import. */
export function createChunk<Props>(read: () => Promise<ComponentType<Props>>): Chunk<Props> {
  let loaded: ComponentType<Props> | null = null;
  return {
    loaded: () => loaded,
    load: async () => (loaded = await read()),
  };
}

interface LazyViewProps<Props> {
  /** The same for as long as the view is mounted. */
  readonly chunk: Chunk<Props>;
  readonly props: Props;
  readonly fallback: ReactNode;
}

/**
 * Shows a chunk once it is there. Browsers remember that a script or style could not be read and do not ask for it again, so
 * nothing is asked for while the host is away; what fails all the same comes with a reload.
 */
export function LazyView<Props extends object>({ chunk, props, fallback }: LazyViewProps<Props>) {
  const { connection } = useSession();
  const isAway = useStore(connection.state, ({ kind }) => kind === 'reconnecting');
  const [View, setView] = useState<ComponentType<Props> | null>(() => chunk.loaded());
  const [hasFailed, setFailed] = useState(false);
  const isWanted = View === null && !isAway && !hasFailed;
  useEffect(() => {
    if (!isWanted) return undefined;
    let isLeft = false;
    const show = async () => {
      try {
        const loaded = await chunk.load();
        if (!isLeft) setView(() => loaded);
      } catch {
        if (!isLeft) setFailed(true);
      }
    };
    void show();
    return () => {
      isLeft = true;
    };
  }, [chunk, isWanted]);
  if (View !== null) return <View {...props} />;
  if (!hasFailed) return fallback;
  const message = 'This part of the window could not be loaded: Hookyard ended meanwhile, or was updated. Trying again reloads the window.';
  return (
    <div style={{ padding: 16 }}>
      <ErrorNotice problem={{ code: 'INTERNAL', message, issues: [] }} onRetry={() => window.location.reload()} />
    </div>
  );
}
