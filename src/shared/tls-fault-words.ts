import type { TlsFault } from './contract/tls-fault.ts';

/** What a TLS fault is called, and what a sender meets. */
export interface TlsFaultWords {
  readonly title: string;
  readonly effect: string;
}

/** The words for each TLS fault. */
export const tlsFaultWords: Readonly<Record<TlsFault, TlsFaultWords>> = {
  expired: { title: 'Expired', effect: 'The certificate expired yesterday.' },
  'self-signed': { title: 'Self-signed', effect: 'The certificate is signed by its own key.' },
  'wrong-host': { title: 'Wrong host', effect: 'The certificate is made out to another-host.localhost.' },
  untrusted: { title: 'Untrusted authority', effect: 'The chain ends in an authority that nobody trusts.' },
  'missing-intermediate': { title: 'Missing intermediate', effect: 'The certificate is sent without the intermediate one that signed it.' },
  'old-tls': { title: 'Old TLS', effect: 'Only TLS 1.0 and 1.1 are offered.' },
  'handshake-cut': { title: 'Handshake cut', effect: 'The connection is reset behind the first message of the handshake.' },
  'handshake-hang': { title: 'Handshake hangs', effect: 'The first message of the handshake is not answered for 10 minutes.' },
};

/** The URL of a bin with a TLS fault, from its HTTPS URL by host name: `https://expired.orders.localhost:4611`. */
export function tlsFaultUrl(httpsHostUrl: string, fault: TlsFault): string {
  return httpsHostUrl.replace('://', `://${fault}.`);
}
