import { useSession } from '../stores/session.tsx';

/**
 * Says that something was deleted (`Capture deleted`), and offers its way back. What the way back answers is said once it
 * was taken.
 */
export function useDeleted(): (deleted: string, restore: () => Promise<string>) => void {
  const { announce, undo } = useSession();
  return (deleted, restore) => {
    announce(deleted);
    undo.offer({ sentence: `${deleted}.`, undo: async () => announce(await restore()) });
  };
}
