import { useSession } from '../../stores/session.tsx';
import { BinForm } from './bin-form.tsx';
import { newId } from './place.ts';

/** The form of a bin that does not exist yet. */
export function NewBin({ onClose }: { readonly onClose: () => void }) {
  const { router } = useSession();
  return <BinForm key={newId} bin={null} onSaved={(saved) => router.replace({ area: 'captures', id: saved.id })} onClose={onClose} />;
}
