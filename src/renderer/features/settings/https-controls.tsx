import { Button, Modal } from '@mantine/core';
import { Fragment, useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { LocalAuthority } from '#shared/contract/local-authority.ts';
import type { Settings } from '#shared/contract/system.ts';
import { trustSteps } from '#shared/trust-steps.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { useChanges, useSession } from '../../stores/session.tsx';
import type { EngineStore } from '../../stores/engine-store.ts';
import { ActionSwitch } from '../../ui/action-switch.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { download } from '../../ui/download.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import styles from './https.module.css';

const pemFile = 'hookyard-ca.pem';

interface HttpsSwitchProps {
  readonly settings: Settings;
  readonly engine: EngineStore;
}

/** Turns HTTPS on and off, at once. */
export function HttpsSwitch({ settings, engine }: HttpsSwitchProps) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const httpsUrl = useStore(engine, ({ health }) => health?.httpsUrl ?? null);
  return (
    <div className={styles['switch']}>
      <ActionSwitch
        label="HTTPS"
        isLabelHidden
        checked={settings.isHttpsOn}
        onChange={async (isHttpsOn) => {
          setProblem(await engine.update({ isHttpsOn }));
          await engine.load();
        }}
      />
      {settings.isHttpsOn && httpsUrl !== null && <code>{httpsUrl}</code>}
      <ErrorNotice problem={problem} />
    </div>
  );
}

/** The local authority: its certificate to save, how to trust it, and another one in its place. */
export function LocalAuthorityControl() {
  const { client } = useSession();
  const [authority, setAuthority] = useState<LocalAuthority | null>(null);
  const [slug, setSlug] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asking, setAsking] = useState<'trust' | 'replace' | null>(null);
  const load = useCallback(async () => {
    try {
      const [read, { items }] = await Promise.all([client.localAuthority.get(), client.bins.list({ limit: 1 })]);
      setAuthority(read);
      setSlug(items[0]?.slug ?? null);
    } catch (error) {
      setProblem(toProblem(error));
    }
  }, [client]);
  useEffect(() => void load(), [load]);
  useChanges(['settings', 'bins'], () => void load());
  if (authority === null) return <ErrorNotice problem={problem} onRetry={() => void load()} />;
  const { commonName, certificatePem, fingerprint, notAfterMs } = authority;
  return (
    <div className={styles['authority']}>
      <span>
        {commonName}, valid until <TimeText atMs={notAfterMs} as="exact" />
      </span>
      <span className={styles['fingerprint']}>
        <span>SHA-256</span>
        <code>
          {fingerprint.split(/(?<=:)/).map((pair, index) => (
            // A pair has no other identity than its place.
            <Fragment key={index}>
              {pair}
              <wbr />
            </Fragment>
          ))}
        </code>
        <CopyButton label="Copy the SHA-256 of the certificate" text={fingerprint} />
      </span>
      <span className={styles['buttons']}>
        <Button size="xs" variant="default" onClick={() => download(pemFile, 'application/x-pem-file', certificatePem)}>
          Save certificate
        </Button>
        <CopyButton label="Copy PEM" text={certificatePem} withLabel />
        <Button size="xs" variant="default" onClick={() => setAsking('trust')}>
          How to trust it
        </Button>
        <Button size="xs" variant="subtle" color="red.9" onClick={() => setAsking('replace')}>
          Replace
        </Button>
      </span>
      <TrustDialog authority={authority} slug={slug} isOpen={asking === 'trust'} onClose={() => setAsking(null)} />
      <ConfirmDialog
        isOpen={asking === 'replace'}
        onClose={() => setAsking(null)}
        title="Replace the local authority?"
        consequence="A new one is made with a new key. Programs that trust this one no longer trust the bins until they are given the new one."
        actionLabel="Replace authority"
        onConfirm={async () => {
          setAuthority(await client.localAuthority.replace());
        }}
      />
    </div>
  );
}

interface TrustDialogProps {
  readonly authority: LocalAuthority;
  /** That of a bin, at which the commands try it; null where there is none. */
  readonly slug: string | null;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** What to do in each kind of program. */
function TrustDialog({ authority: { httpsUrl }, slug, isOpen, onClose }: TrustDialogProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Trust the local authority" size={720} closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className={styles['steps']}>
        <p>
          Save the certificate as {pemFile}, then tell the program that sends. It signs for localhost, names below it and loopback
          addresses, and for nothing else. Hookyard puts it into no store by itself.
        </p>
        {trustSteps(pemFile, { httpsUrl, slug }).map(({ id, name, text, note }) => (
          <section key={id}>
            <h3>{name}</h3>
            <div className={styles['code']}>
              <pre>{text}</pre>
              <CopyButton label={`Copy for ${name}`} text={text} />
            </div>
            <p>{note}</p>
          </section>
        ))}
      </div>
    </Modal>
  );
}
