import type { Restored } from '../stores/undo-store.ts';
import { useSession } from '../stores/session.tsx';

/** Says that something was deleted (`Capture deleted`), and offers its way back. */
export function useDeleted(): (deleted: string, restore: () => Promise<Restored>) => void {
  const { announce, undo } = useSession();
  return (deleted, restore) => {
    announce(deleted);
    undo.offer({ sentence: `${deleted}.`, undo: restore });
  };
}
