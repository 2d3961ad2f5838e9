import type { ComposeState } from './compose-state.ts';
import type { ComposeStore } from './compose-store.types.ts';

/** What the editors of Compose are given. */
export interface EditorPaneProps {
  readonly store: ComposeStore;
  readonly state: ComposeState;
  readonly onSend: () => void;
}
