import type { CertificateInfo } from '#shared/contract/auths.ts';
import { exactText } from '../../base/time-format.ts';
import { useNow, useSettings } from '../../stores/session.tsx';
import styles from './auths.module.css';

/** Whose certificates they are, who made them, and until when they are valid. */
export function CertificateFacts({ certificates }: { readonly certificates: readonly CertificateInfo[] }) {
  const isUtc = useSettings()?.isUtc ?? false;
  const nowMs = useNow();
  return certificates.map(({ subject, issuer, validToMs, fingerprint256 }) => (
    <dl key={fingerprint256} className={styles['facts']}>
      <dt>Certificate of</dt>
      <dd>{subject}</dd>
      <dt>Issued by</dt>
      <dd>{issuer}</dd>
      <dt>{validToMs > nowMs ? 'Valid until' : 'Expired'}</dt>
      <dd>{exactText(validToMs, isUtc)}</dd>
      <dt>SHA-256</dt>
      <dd className="mono">{fingerprint256}</dd>
    </dl>
  ));
}
