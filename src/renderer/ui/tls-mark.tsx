import { IconShieldOff } from '@tabler/icons-react';
import { useCatalogue } from '../stores/session.tsx';
import styles from './tls-mark.module.css';

/** The text for an endpoint that accepts any certificate. */
export const uncheckedTls = 'TLS certificate not checked';

/** Marks an endpoint whose certificate is not checked, wherever its name stands; nothing for any other. */
export function TlsMark({ verifyTls, hasWord = false }: { readonly verifyTls: boolean; readonly hasWord?: boolean }) {
  if (verifyTls) return null;
  return (
    <span className={styles['mark']} title={uncheckedTls}>
      <IconShieldOff size={14} stroke={2.2} role="img" aria-label={uncheckedTls} />
      {hasWord && <span aria-hidden>{uncheckedTls}</span>}
    </span>
  );
}

/** The same where only the id of the endpoint is at hand. */
export function TlsMarkOf({ endpointId, hasWord = false }: { readonly endpointId: string; readonly hasWord?: boolean }) {
  const endpoint = useCatalogue().endpoints.find(({ id }) => id === endpointId);
  return endpoint === undefined ? null : <TlsMark verifyTls={endpoint.verifyTls} hasWord={hasWord} />;
}
