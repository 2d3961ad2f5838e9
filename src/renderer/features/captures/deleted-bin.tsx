import type { Bin } from '#shared/contract/bins.ts';
import { useSession } from '../../stores/session.tsx';
import { DeletedElsewhere } from '../../ui/deleted-elsewhere.tsx';
import { newBinDraft } from './bin-draft.ts';
import { useBinWords } from './bin-form.tsx';
import { newId } from './place.ts';

/** What the edits of a bin are kept under, before its id. */
const binPrefix = 'bin:';

/** Under which the edits of a bin are kept that does not exist any more; null where there are none. */
export function deletedDraft(keys: readonly string[], bins: readonly Bin[]): string | null {
  return keys.find((key) => key.startsWith(binPrefix) && !bins.some(({ id }) => key === binPrefix + id)) ?? null;
}

/** What can be done with the edits of a bin that was deleted meanwhile. */
export function DeletedBin({ draftKey }: { readonly draftKey: string }) {
  const { client, router } = useSession();
  const words = useBinWords();
  const id = draftKey.slice(binPrefix.length);
  return (
    <DeletedElsewhere
      noun="bin"
      draftKey={draftKey}
      newKey="new:bin"
      blank={newBinDraft}
      words={words}
      onRestore={async () => {
        await client.bins.restore({ id });
        router.replace({ area: 'captures', query: { bin: id, edit: 'yes' } });
      }}
      onMakeNew={() => router.replace({ area: 'captures', id: newId })}
      onDiscard={() => router.replace({ area: 'captures' })}
    />
  );
}
