import type { Restored } from '../stores/undo-store.ts';
import { useSession } from '../stores/session.tsx';

/** Announces that something was deleted (`Capture deleted`), and offers Undo. */
export function useDeleted(): (deleted: string, restore: () => Promise<Restored>) => void {
  const { announce, undo } = useSession();
  return (deleted, restore) => {
    announce(deleted);
    undo.offer({ sentence: `${deleted}.`, undo: restore });
  };
}
