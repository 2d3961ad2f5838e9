import type { LocalAuthority } from '#shared/contract/local-authority.ts';
import type { Procedures } from '../base/procedures.ts';
import type { Capture } from '../capture/capture.ts';
import type { Authority } from '../capture/tls/authority.ts';

interface LocalAuthorityDeps {
  readonly capture: Pick<Capture, 'authority' | 'replaceAuthority' | 'httpsUrl'>;
}

/** The certificate authority of the bins' HTTPS. */
export function createLocalAuthorityHandlers(os: Procedures, { capture }: LocalAuthorityDeps) {
  const view = ({ commonName, certificatePem, fingerprint, notBeforeMs, notAfterMs }: Authority): LocalAuthority => ({
    commonName,
    certificatePem,
    fingerprint,
    notBeforeMs,
    notAfterMs,
    httpsUrl: capture.httpsUrl(),
  });
  return {
    get: os.localAuthority.get.handler(async () => view(await capture.authority())),
    replace: os.localAuthority.replace.handler(async () => view(await capture.replaceAuthority())),
  };
}
