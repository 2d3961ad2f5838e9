import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconClock, IconWorld, IconX } from '@tabler/icons-react';
import type { Bin } from '#shared/contract/bins.ts';
import type { Tunnel, TunnelProgram } from '#shared/contract/tunnels.ts';
import { useClient } from '../../../stores/session.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { MeaningBadge } from '../../../ui/status-badge.tsx';
import { useAct } from '../../../stores/use-act.ts';
import styles from './reach.module.css';

interface TunnelPartProps {
  readonly bin: Bin;
  readonly tunnel: Tunnel | null;
  readonly programs: readonly TunnelProgram[];
}

/** A public URL for the bin, by a program that is installed. */
export function TunnelPart({ bin, tunnel, programs }: TunnelPartProps) {
  const client = useClient();
  const act = useAct();
  const installed = programs.filter(({ isInstalled }) => isInstalled);
  const start = (program: TunnelProgram) =>
    act.run(() => client.tunnels.start({ binId: bin.id, program: program.name }), `${program.title} is being started.`);
  return (
    <section aria-label="Public URL">
      <h3>Public URL</h3>
      <p className={styles['says']}>
        A program on this machine can make this bin reachable from the internet, and nothing else of Hookyard. It ends when Hookyard does.
      </p>
      {tunnel !== null ? (
        <div className={styles['item']}>
          <div className={styles['itemHead']}>
            <b className="truncate mono" title={tunnel.publicUrl ?? undefined}>
              {tunnel.publicUrl ?? tunnel.program}
            </b>
            {tunnel.publicUrl !== null && <CopyButton label="Copy the public URL" text={tunnel.publicUrl} />}
            <span className={styles['space']} />
            <TunnelBadge tunnel={tunnel} />
          </div>
          <p className={styles['says']}>{tunnel.message}</p>
          <div className={styles['actions']}>
            <Button
              size="compact-xs"
              variant="default"
              loading={act.isBusy}
              onClick={() => void act.run(() => client.tunnels.stop({ id: tunnel.id }), 'The tunnel is stopped.')}
            >
              Stop
            </Button>
          </div>
        </div>
      ) : installed.length > 0 ? (
        <div className={styles['actions']}>
          {installed.map((program) => (
            <Button
              key={program.name}
              size="xs"
              variant="default"
              leftSection={<IconWorld size={14} />}
              loading={act.isBusy}
              onClick={() => void start(program)}
            >
              Start {program.title}
            </Button>
          ))}
        </div>
      ) : (
        <>
          <p className={styles['says']}>None of the programs for this is installed here:</p>
          <ul className={styles['plain']}>
            {programs.map(({ name, install }) => (
              <li key={name}>{install}</li>
            ))}
          </ul>
        </>
      )}
      <ErrorNotice problem={act.problem} />
    </section>
  );
}

function TunnelBadge({ tunnel: { state } }: { readonly tunnel: Tunnel }) {
  switch (state) {
    case 'up':
      return <MeaningBadge meaning="good" icon={IconCheck} word="public" />;
    case 'starting':
      return <MeaningBadge meaning="waiting" icon={IconClock} word="starting" />;
    case 'restarting':
      return <MeaningBadge meaning="trouble" icon={IconAlertTriangle} word="starting again" />;
    case 'failed':
      return <MeaningBadge meaning="bad" icon={IconX} word="failed" />;
  }
}
