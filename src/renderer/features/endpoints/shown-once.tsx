import type { SchemeId } from '#shared/contract/signing.ts';
import { receiverVariables } from '#shared/receiver-variables.ts';
import { useSettings } from '../../stores/session.tsx';
import { exactText } from '../../base/time-format.ts';
import type { HandedSecret, SecretToShow } from '../../stores/secret-store.ts';
import { publicKeyPlace } from './public-key-place.ts';

/** A secret that is being shown, once. */
export interface ShownSecret extends HandedSecret {
  readonly scheme: SchemeId | null;
  /** When the previous secret stops signing; null for the secret of a new endpoint. */
  readonly previousExpiresAtMs: number | null;
}

/** The secret of a new endpoint, or the one after a rotation; of a key pair the public half, and the private one on demand. */
export function shownOnce(shown: ShownSecret): SecretToShow {
  return { handed: shown, title: titleOf(shown), whereToPutIt: <Place shown={shown} /> };
}

function titleOf({ publicKey, previousExpiresAtMs }: ShownSecret): string {
  const isPair = publicKey !== null;
  if (previousExpiresAtMs === null) return isPair ? 'Public key of the new endpoint' : 'Secret of the new endpoint';
  return isPair ? 'New public key' : 'New secret';
}

function Place({ shown: { secret, publicKey, scheme, previousExpiresAtMs } }: { readonly shown: ShownSecret }) {
  const isUtc = useSettings()?.isUtc ?? false;
  const what = publicKey === null ? 'secret' : 'key';
  return (
    <>
      {publicKey !== null && scheme !== null ? (
        publicKeyPlace(scheme)
      ) : (
        <>
          Put it into the configuration of your receiver, for instance as the environment variable that receiver code reads:
          <pre>
            {receiverVariables.secret}={secret}
          </pre>
        </>
      )}
      {previousExpiresAtMs !== null && (
        <p>
          The previous {what} also keeps signing until {exactText(previousExpiresAtMs, isUtc)}.
        </p>
      )}
    </>
  );
}
