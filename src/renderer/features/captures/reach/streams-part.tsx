import { Button, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Bin } from '#shared/contract/bins.ts';
import type { StreamKey } from '#shared/contract/stream-keys.ts';
import { countText } from '../../../base/size-format.ts';
import { useClient, useSession } from '../../../stores/session.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import type { SecretToShow } from '../../../stores/secret-store.ts';
import { TimeText } from '../../../ui/time-text.tsx';
import { useAct } from '../../../stores/use-act.ts';
import styles from './reach.module.css';

/** URLs by which others follow what the bin captures. */
export function StreamsPart({ bin, streamKeys }: { readonly bin: Bin; readonly streamKeys: readonly StreamKey[] }) {
  const client = useClient();
  const act = useAct();
  const { engine, secrets } = useSession();
  const host = useStore(engine, ({ health }) => health?.host ?? null);
  const [name, setName] = useState('');
  const [isNaming, setNaming] = useState(false);
  const create = async () => {
    const isDone = await act.run(async () => {
      const { path } = await client.streamKeys.create({ binId: bin.id, name });
      secrets.show(streamUrl(`${window.location.origin}${path}`));
    }, 'A stream URL was made.');
    if (!isDone) return;
    setName('');
    setNaming(false);
  };
  return (
    <section aria-label="Stream URLs">
      <h3>Followed by others</h3>
      <p className={styles['says']}>
        A stream URL lets a plain smee-client, or another Hookyard, follow what this bin captures. Whoever has it can read that, until it is
        revoked.
      </p>
      {host !== null && host !== 'headless' && (
        <p className={styles['says']}>
          Streams stand on the port of <code>hookyard serve</code>, which this app does not open: run that on this or another data folder to
          be followed.
        </p>
      )}
      {streamKeys.length > 0 && (
        <ul className={styles['list']}>
          {streamKeys.map((key) => (
            <KeyItem key={key.id} streamKey={key} />
          ))}
        </ul>
      )}
      {host === 'headless' &&
        (isNaming ? (
          <form
            className={styles['form']}
            aria-label="New stream URL"
            onSubmit={(event) => {
              event.preventDefault();
              void create();
            }}
          >
            <TextInput
              size="xs"
              label="Whom it is for (optional)"
              value={name}
              autoFocus
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <ErrorNotice problem={act.problem} />
            <div className={styles['actions']}>
              <Button size="xs" type="submit" loading={act.isBusy}>
                Make stream URL
              </Button>
              <Button size="xs" variant="default" onClick={() => setNaming(false)}>
                Cancel
              </Button>
            </div>
          </form>
        ) : (
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setNaming(true)}>
            New stream URL
          </Button>
        ))}
    </section>
  );
}

/** The URL of a stream, to be shown once. */
function streamUrl(url: string): SecretToShow {
  return {
    handed: { secret: url, publicKey: null },
    title: 'Stream URL',
    what: 'URL',
    lead: 'This is the only time it is shown. Hookyard keeps only a hash of the key in it.',
    whereToPutIt: (
      <>
        <FollowCommand name="smee-client" text={`npx smee-client --url ${url} --target http://localhost:3000/hooks`} />
        <FollowCommand name="Hookyard" text={`hookyard listen --from ${url} --forward http://localhost:3000/hooks`} />
      </>
    ),
  };
}

/** A command that follows a stream, to be copied whole. */
function FollowCommand({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <div className={styles['follow']}>
      <span>Follow it with {name}</span>
      <CopyButton label={`Copy the command of ${name}`} text={text} />
      <pre>{text}</pre>
    </div>
  );
}

function KeyItem({ streamKey }: { readonly streamKey: StreamKey }) {
  const client = useClient();
  const [isAsking, setAsking] = useState(false);
  const { id, name, fingerprint, followers, usedAtMs, createdAtMs, lastGap } = streamKey;
  const title = name === '' ? fingerprint : name;
  return (
    <li className={styles['item']} data-stream={id}>
      <div className={styles['itemHead']}>
        <b className={`truncate ${name === '' ? 'mono' : ''}`}>{title}</b>
        <span className={styles['space']} />
        <span>{followers === 0 ? 'nobody follows' : `used by ${countText(followers, 'follower', 'followers')}`}</span>
      </div>
      <p className={styles['says']}>
        Made <TimeText atMs={createdAtMs} />,{' '}
        {usedAtMs === null ? (
          'never used'
        ) : (
          <>
            last connected <TimeText atMs={usedAtMs} />
          </>
        )}
        {name !== '' && (
          <>
            , key <code>{fingerprint}</code>
          </>
        )}
        .
        {lastGap !== null && (
          <>
            {' '}
            <TimeText atMs={lastGap.atMs} /> a follower was told: {lastGap.message}
          </>
        )}
      </p>
      <div className={styles['actions']}>
        <Button size="compact-xs" variant="default" onClick={() => setAsking(true)}>
          Revoke
        </Button>
      </div>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={`Revoke the stream URL "${title}"?`}
        consequence={`${followers === 0 ? 'Nobody follows by it now.' : `${countText(followers, 'follower is', 'followers are')} cut off.`} The URL cannot be made valid again.`}
        actionLabel="Revoke"
        onConfirm={async () => {
          await client.streamKeys.revoke({ id });
        }}
      />
    </li>
  );
}
