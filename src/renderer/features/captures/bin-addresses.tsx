import { Anchor, Button, Modal } from '@mantine/core';
import { useState } from 'react';
import type { Bin } from '#shared/contract/bins.ts';
import { tlsFault } from '#shared/contract/tls-fault.ts';
import { tlsFaultUrl, tlsFaultWords } from '#shared/tls-fault-words.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { formatRoute } from '../../base/router.ts';
import { useSession } from '../../stores/session.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import styles from './addresses.module.css';

interface BinAddressesProps {
  readonly bin: Bin;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Every URL of a bin, to be copied: by path, by host, over HTTPS, and with TLS faults. */
export function BinAddresses({ bin, isOpen, onClose }: BinAddressesProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={`Addresses of ${bin.name}`} size={720} closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className={styles['page']}>
        <section>
          <h3>HTTP</h3>
          <Address label="By path" url={bin.url} />
          {bin.hostUrl !== null && <Address label="By host" url={bin.hostUrl} />}
        </section>
        <section>
          <h3>HTTPS</h3>
          {bin.httpsUrl === null || bin.httpsHostUrl === null ? (
            <HttpsOff />
          ) : (
            <>
              <Address label="By path" url={bin.httpsUrl} />
              <Address label="By host" url={bin.httpsHostUrl} />
              <p>
                Senders have to trust the local authority:{' '}
                <Anchor fz={13} href={formatRoute({ area: 'settings' })}>
                  Settings, HTTPS
                </Anchor>{' '}
                gives it out and says how. HTTP/2 is spoken with senders that offer it.
              </p>
            </>
          )}
        </section>
        {bin.openUrls.length > 0 && (
          <section>
            <h3>From other machines</h3>
            {bin.openUrls.map((url) => (
              <Address key={url} label={url.startsWith('https:') ? 'HTTPS' : 'HTTP'} url={url} />
            ))}
            <p>
              For the allowed senders of the settings only.
              {bin.httpsHostUrl !== null &&
                ` Certificates are for names below localhost: over HTTPS, have the sender call it by ${new URL(bin.httpsHostUrl).hostname} and find that name at this address.`}
            </p>
          </section>
        )}
        {bin.publicUrl !== null && (
          <section>
            <h3>From outside</h3>
            <Address label="Public URL" url={bin.publicUrl} />
          </section>
        )}
        {bin.httpsHostUrl !== null && <Faults httpsHostUrl={bin.httpsHostUrl} />}
        {bin.hostUrl !== null && <HostsHint bin={bin} />}
      </div>
    </Modal>
  );
}

function HttpsOff() {
  const { engine } = useSession();
  const [problem, setProblem] = useState<Problem | null>(null);
  const turnOn = async () => {
    setProblem(null);
    try {
      setProblem(await engine.update({ isHttpsOn: true }));
      await engine.load();
    } catch (error) {
      setProblem(toProblem(error));
    }
  };
  return (
    <>
      <p>Bins receive by plain HTTP only. HTTPS has a port of its own on this machine, with certificates of a local authority.</p>
      <ErrorNotice problem={problem} />
      <Button size="xs" variant="default" onClick={() => void turnOn()}>
        Turn on HTTPS
      </Button>
    </>
  );
}

/** The URLs at which TLS itself goes wrong. */
function Faults({ httpsHostUrl }: { readonly httpsHostUrl: string }) {
  return (
    <section>
      <h3>TLS faults</h3>
      <p>
        The first part of the host name says what goes wrong. A sender that does not trust the local authority may complain of that first.
      </p>
      {tlsFault.options.map((fault) => (
        <Address key={fault} label={tlsFaultWords[fault].title} hint={tlsFaultWords[fault].effect} url={tlsFaultUrl(httpsHostUrl, fault)} />
      ))}
    </section>
  );
}

/** For systems whose resolver does not know that names below localhost are this machine. */
function HostsHint({ bin: { slug, httpsHostUrl } }: { readonly bin: Bin }) {
  const names = [slug, ...(httpsHostUrl === null ? [] : tlsFault.options.map((fault) => `${fault}.${slug}`))];
  const line = `127.0.0.1 ${names.map((name) => `${name}.localhost`).join(' ')}`;
  return (
    <p className={styles['hosts']}>
      Browsers, curl and Hookyard know that names below localhost are this machine. Where another program does not find them, add a line to
      the hosts file. <CopyButton label="Copy the line for the hosts file" text={line} withLabel />
    </p>
  );
}

interface AddressProps {
  readonly label: string;
  readonly url: string;
  readonly hint?: string;
}

function Address({ label, url, hint }: AddressProps) {
  return (
    <div className={styles['address']}>
      <span className={styles['label']}>{label}</span>
      <span className={styles['url']}>
        <span className="mono">{url}</span>
        {hint !== undefined && <small>{hint}</small>}
      </span>
      <CopyButton label={`Copy ${url}`} text={url} />
    </div>
  );
}
