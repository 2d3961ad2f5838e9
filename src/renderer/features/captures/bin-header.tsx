import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconAccessPoint, IconCheck, IconCopy, IconDots, IconLink, IconPencil, IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { Bin } from '#shared/contract/bins.ts';
import type { SchemeInfo } from '#shared/contract/verifying.ts';
import { useClient, useSchemes, useSession } from '../../stores/session.tsx';
import { countText, numberText } from '../../base/size-format.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useCopy } from '../../ui/use-copy.ts';
import { answerText, binCurl } from './bin-answer.ts';
import { BinAddresses } from './bin-addresses.tsx';
import { OpenMark } from './open-mark.tsx';
import { ReachLine } from './reach/reach-line.tsx';
import type { ReachStore } from './reach/reach-store.ts';
import { ReplayMany } from './replay-many.tsx';
import { useDeleted } from '../../ui/use-deleted.ts';
import styles from './bins.module.css';

interface BinHeaderProps {
  readonly bin: Bin;
  readonly reach: ReachStore;
  readonly onEdit: () => void;
  readonly onReach: () => void;
}

/** The URL of a bin, large enough to be copied without aiming, and what the next request will get. */
export function BinHeader({ bin, reach, onEdit, onReach }: BinHeaderProps) {
  const url = useCopy();
  const curl = useCopy();
  const schemes = useSchemes();
  const [isAddressesOpen, setAddressesOpen] = useState(false);
  return (
    <header className={styles['head']}>
      <div className={styles['urlRow']}>
        <button type="button" className={styles['url']} onClick={() => url.copy(bin.url)} aria-label={`Copy the URL ${bin.url}`}>
          <span className="truncate">{bin.url}</span>
          {url.isCopied ? <IconCheck size={16} className={styles['copied'] ?? ''} aria-hidden /> : <IconCopy size={16} aria-hidden />}
        </button>
        <Button
          size="xs"
          variant="default"
          leftSection={curl.isCopied ? <IconCheck size={14} /> : <IconTerminal2 size={14} />}
          title={binCurl(bin.url)}
          onClick={() => curl.copy(binCurl(bin.url))}
        >
          {curl.isCopied ? 'Copied' : 'Copy curl'}
        </Button>
        <Button size="xs" variant="default" leftSection={<IconLink size={14} />} onClick={() => setAddressesOpen(true)}>
          Addresses
        </Button>
        <Button size="xs" variant="default" leftSection={<IconAccessPoint size={14} />} onClick={onReach}>
          Reach
        </Button>
        <BinMenu bin={bin} onEdit={onEdit} />
      </div>
      <ReachLine store={reach} bin={bin} />
      <BinAddresses bin={bin} isOpen={isAddressesOpen} onClose={() => setAddressesOpen(false)} />
      <OpenMark />
      <p className={styles['answer']}>
        <span>
          {nextText(bin)} <b>{bin.answers.sequence === null ? answerText(bin.response) : bin.answers.sequence.steps}</b>.{' '}
          {bin.signing === null ? 'Signatures are not checked.' : `Signatures are checked by ${schemeTitle(schemes, bin.signing.scheme)}.`}
        </span>
        <Button size="compact-xs" variant="subtle" leftSection={<IconPencil size={13} />} onClick={onEdit}>
          Change
        </Button>
      </p>
    </header>
  );
}

/** Says before the answer of a bin when that is given. */
function nextText({ answers: { rules } }: Bin): string {
  const active = rules.filter(({ isActive }) => isActive).length;
  return active === 0 ? 'The next request gets' : `${countText(active, 'rule answers', 'rules answer')} first; what no rule answers gets`;
}

function schemeTitle(schemes: readonly SchemeInfo[], id: string): string {
  return schemes.find((scheme) => scheme.id === id)?.title ?? id;
}

function BinMenu({ bin, onEdit }: { readonly bin: Bin; readonly onEdit: () => void }) {
  const client = useClient();
  const { router, drafts } = useSession();
  const tellDeleted = useDeleted();
  const [asking, setAsking] = useState<'clear' | 'remove' | 'replay' | null>(null);
  const captures = countText(bin.captureCount, 'capture', 'captures');
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={28} aria-label={`More for ${bin.name}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onEdit}>Change how it answers</Menu.Item>
          <Menu.Item disabled={bin.captureCount === 0} onClick={() => setAsking('replay')}>
            Replay its captures
          </Menu.Item>
          <Menu.Item disabled={bin.captureCount === 0} onClick={() => setAsking('clear')}>
            Delete its captures
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red.9" onClick={() => setAsking('remove')}>
            Delete the bin
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ReplayMany bin={bin} picked={null} isOpen={asking === 'replay'} onClose={() => setAsking(null)} />
      <ConfirmDialog
        isOpen={asking === 'clear'}
        onClose={() => setAsking(null)}
        title={`Delete the captures of "${bin.name}"?`}
        consequence={`${captures} will be deleted. The bin keeps receiving. This can be undone for 10 minutes, or until new captures need the space.`}
        actionLabel="Delete captures"
        onConfirm={async () => {
          const { removedCaptures, removedAtMs } = await client.captures.clear({ binId: bin.id });
          const removed = countText(removedCaptures, 'capture', 'captures');
          tellDeleted(`${removed} deleted`, async () => {
            const { restoredCaptures } = await client.captures.restore({ binId: bin.id, removedAtMs });
            const restored = restoredCaptures === removedCaptures ? 'Captures' : `${numberText(restoredCaptures)} of ${removed}`;
            return { sentence: `${restored} restored.`, route: { area: 'captures', id: bin.id }, itemId: null };
          });
          router.replace({ area: 'captures', query: { bin: bin.id } });
        }}
      />
      <ConfirmDialog
        isOpen={asking === 'remove'}
        onClose={() => setAsking(null)}
        title={`Delete the bin "${bin.name}"?`}
        consequence={
          bin.captureCount === 0
            ? `Requests to ${bin.url} will get 404. This can be undone for 10 minutes.`
            : `${captures} will be deleted with it, and requests to ${bin.url} will get 404. This can be undone for 10 minutes; captures come back unless new ones needed the space.`
        }
        actionLabel="Delete bin"
        onConfirm={async () => {
          await client.bins.remove({ id: bin.id });
          drafts.drop(`bin:${bin.id}`);
          tellDeleted(`Bin ${bin.name} deleted`, async () => {
            const { missingCaptures } = await client.bins.restore({ id: bin.id });
            const missing = countText(missingCaptures, 'capture', 'captures');
            const without = missingCaptures === 0 ? '' : `, without ${missing} removed to make room`;
            return { sentence: `Bin ${bin.name} restored${without}.`, route: { area: 'captures', id: bin.id }, itemId: bin.id };
          });
          router.replace({ area: 'captures' });
        }}
      />
    </>
  );
}
