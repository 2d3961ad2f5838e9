import { Button, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconClock, IconPlayerPause, IconPlayerPlay, IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Bin } from '#shared/contract/bins.ts';
import type { Source } from '#shared/contract/sources.ts';
import { countText, numberText } from '../../../base/size-format.ts';
import { useClient } from '../../../stores/session.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { MeaningBadge } from '../../../ui/status-badge.tsx';
import { TimeText } from '../../../ui/time-text.tsx';
import { useAct } from '../../../stores/use-act.ts';
import styles from './reach.module.css';

/** Channels elsewhere whose requests the bin captures. */
export function SourcesPart({ bin, sources }: { readonly bin: Bin; readonly sources: readonly Source[] }) {
  const [isAdding, setAdding] = useState(false);
  return (
    <section aria-label="Sources">
      <h3>Takes from elsewhere</h3>
      <p className={styles['says']}>
        A smee channel, or a bin of another Hookyard: what comes there is captured here too. A connection that drops is opened again.
      </p>
      {sources.length > 0 && (
        <ul className={styles['list']}>
          {sources.map((source) => (
            <SourceItem key={source.id} source={source} />
          ))}
        </ul>
      )}
      {isAdding ? (
        <AddSource binId={bin.id} onDone={() => setAdding(false)} />
      ) : (
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
          Add a source
        </Button>
      )}
    </section>
  );
}

function SourceItem({ source }: { readonly source: Source }) {
  const client = useClient();
  const act = useAct();
  const [isAsking, setAsking] = useState(false);
  const { id, name, url, kind, isActive, message, nextTryAtMs, captured, lastEventAtMs, gaps, gapCount } = source;
  const title = name === '' ? url : name;
  const toggle = () =>
    act.run(() => client.sources.update({ id, isActive: !isActive }), `The source ${title} is ${isActive ? 'paused' : 'followed again'}.`);
  return (
    <li className={styles['item']} data-source={id}>
      <div className={styles['itemHead']}>
        <b className={`truncate ${name === '' ? 'mono' : ''}`} title={url}>
          {title}
        </b>
        {kind === 'smee' && <CopyButton label="Copy the channel" text={url} />}
        <span className={styles['space']} />
        <SourceBadge source={source} />
      </div>
      <p className={styles['says']}>
        {kind === 'smee' ? 'smee channel' : 'Hookyard stream'}, {countText(captured, 'capture', 'captures')}
        {lastEventAtMs !== null && (
          <>
            , last <TimeText atMs={lastEventAtMs} />
          </>
        )}
        . {message}
        {nextTryAtMs !== null && (
          <>
            {' '}
            It is tried again <TimeText atMs={nextTryAtMs} as="until" />.
          </>
        )}
      </p>
      {gapCount > 0 && (
        <details className={styles['gaps']}>
          <summary>
            <IconAlertTriangle size={14} stroke={2.2} aria-hidden /> {countText(gapCount, 'gap', 'gaps')}
          </summary>
          <ul>
            {gaps.toReversed().map(({ fromMs, toMs, message: what }) => (
              <li key={`${toMs} ${what}`}>
                {fromMs !== null && (
                  <>
                    <TimeText atMs={fromMs} as="clock" /> to{' '}
                  </>
                )}
                <TimeText atMs={toMs} as="clock" />: {what}
              </li>
            ))}
            {gapCount > gaps.length && <li>{numberText(gapCount - gaps.length)} earlier ones are not kept.</li>}
          </ul>
        </details>
      )}
      <div className={styles['actions']}>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={isActive ? <IconPlayerPause size={13} /> : <IconPlayerPlay size={13} />}
          loading={act.isBusy}
          onClick={() => void toggle()}
        >
          {isActive ? 'Pause' : 'Resume'}
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => setAsking(true)}>
          Remove
        </Button>
      </div>
      <ErrorNotice problem={act.problem} />
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={`Remove the source "${title}"?`}
        consequence={`It is not followed any more. ${captured === 0 ? 'It brought nothing so far.' : `What it brought (${countText(captured, 'capture', 'captures')}) stays.`}`}
        actionLabel="Remove source"
        onConfirm={async () => {
          await client.sources.remove({ id });
        }}
      />
    </li>
  );
}

/** The state of a source as icon, word and colour. */
function SourceBadge({ source: { state } }: { readonly source: Pick<Source, 'state'> }) {
  switch (state) {
    case 'connected':
      return <MeaningBadge meaning="good" icon={IconCheck} word="connected" />;
    case 'connecting':
      return <MeaningBadge meaning="waiting" icon={IconClock} word="connecting" />;
    case 'waiting':
      return <MeaningBadge meaning="trouble" icon={IconClock} word="reconnecting" />;
    case 'refused':
      return <MeaningBadge meaning="bad" icon={IconX} word="refused" />;
    case 'paused':
      return <MeaningBadge meaning="waiting" icon={IconPlayerPause} word="paused" />;
  }
}

type Way = 'url' | 'address';

function AddSource({ binId, onDone }: { readonly binId: string; readonly onDone: () => void }) {
  const client = useClient();
  const act = useAct();
  const [way, setWay] = useState<Way>('url');
  const [url, setUrl] = useState('');
  const [token, setToken] = useState('');
  const [remoteBin, setRemoteBin] = useState('');
  const [name, setName] = useState('');
  const errorAt = (path: string) => act.problem?.issues.find((issue) => issue.path === path)?.message;
  const rest = act.problem?.issues.filter(({ path }) => !['url', 'token', 'remoteBin', 'name'].includes(path)) ?? [];
  const save = async () => {
    const other = way === 'address' ? { token, remoteBin } : {};
    if (await act.run(() => client.sources.create({ binId, url: url.trim(), name, ...other }), 'The source is added.')) onDone();
  };
  return (
    <form
      className={styles['form']}
      aria-label="New source"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <SegmentedControl<Way>
        size="xs"
        value={way}
        onChange={setWay}
        aria-label="What is followed"
        data={[
          { value: 'url', label: 'Channel or stream URL' },
          { value: 'address', label: 'Address and token' },
        ]}
      />
      <TextInput
        size="xs"
        label={way === 'url' ? 'URL' : 'Address of the other Hookyard'}
        placeholder={way === 'url' ? 'https://smee.io/AbCdEf or …/stream/hsk_…' : 'http://127.0.0.1:4600'}
        value={url}
        error={errorAt('url')}
        data-autofocus
        autoFocus
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      {way === 'address' && (
        <>
          <PasswordInput
            size="xs"
            label="Token"
            description="Of its “Ready at” line. A stream URL is made there with it; the token is not kept."
            value={token}
            error={errorAt('token')}
            onChange={(event) => setToken(event.currentTarget.value)}
          />
          <TextInput
            size="xs"
            label="Bin there"
            description="Its id, slug or name"
            value={remoteBin}
            error={errorAt('remoteBin')}
            onChange={(event) => setRemoteBin(event.currentTarget.value)}
          />
        </>
      )}
      <TextInput
        size="xs"
        label="Name (optional)"
        value={name}
        error={errorAt('name')}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <ErrorNotice problem={act.problem} rest={rest} />
      <div className={styles['actions']}>
        <Button size="xs" type="submit" loading={act.isBusy} disabled={url.trim() === ''}>
          Add source
        </Button>
        <Button size="xs" variant="default" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
