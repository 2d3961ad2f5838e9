import type { X509Certificate } from 'node:crypto';
import { commonName, followChain, publicRoots, type Chain } from './certificate-chain.ts';
import type { Obstacle } from './verification/findings.ts';

/** The report on a certificate whose key made a signature. */
export interface CertificateReport {
  /** Why it must not be used; empty when there is no reason. */
  readonly obstacles: readonly Obstacle[];
  /** What was checked and what was not, in sentences. */
  readonly note: string;
  /** What the receiver still has to check. */
  readonly next: readonly string[];
}

/**
 * The subject that the Java SDK of PayPal (SSLUtil.validateCertificateChain) asks for, in live and sandbox; the
 * documentation of PayPal names none.
 */
const subjectPattern = /^messageverificationcerts(?:\.[a-z0-9-]+)?\.paypal\.com$/i;
const expectedSubject = 'messageverificationcerts.paypal.com';

const notFetched = 'Not checked, because nothing is fetched here: whether it was revoked, and whether it lies behind PAYPAL-CERT-URL.';
const stillToCheck = 'Check that the certificate is the one behind PAYPAL-CERT-URL and was not revoked; nothing was fetched here.';

/** The report on a bare key, without a certificate. */
export const bareKeyReport: CertificateReport = {
  obstacles: [],
  note: 'A key without its certificate was given, so nothing says whose it is: no chain, dates or name were checked.',
  next: [
    `Check that the key is that of the certificate behind PAYPAL-CERT-URL, which leads to a public root and is named ${expectedSubject}; nothing was fetched here.`,
  ],
};

/**
 * Judges the certificate of a PayPal signature offline: its dates by the receiver's clock, its chain over the certificates
 * given to a public root, and its name. A chain that ends at a root of the giver's own is accepted and said to be that.
 */
export function judgePaypalCertificate(
  certificate: X509Certificate,
  given: readonly X509Certificate[],
  nowMs: number,
  roots: readonly X509Certificate[] = publicRoots(),
): CertificateReport {
  const chain = followChain(certificate, given, roots);
  const name = commonName(certificate);
  const isNamed = subjectPattern.test(name);
  const obstacles = [...dateProblems(chain, nowMs), ...chainProblems(chain), ...nameProblems(chain, name, isNamed)];
  return {
    obstacles: obstacles.map((message) => ({ reason: 'certificate_invalid', message })),
    note: noteOf(chain, name, isNamed),
    next: [stillToCheck, ...nextOf(chain)],
  };
}

function dateProblems({ path }: Chain, nowMs: number): readonly string[] {
  return path.flatMap((certificate, index) => {
    const [fromMs, toMs] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
    if (nowMs >= fromMs && nowMs <= toMs) return [];
    const when = nowMs < fromMs ? `counts from ${new Date(fromMs).toISOString()} only` : `expired at ${new Date(toMs).toISOString()}`;
    const which = index === 0 ? 'The certificate' : `The certificate ${commonName(certificate)} in its chain`;
    return [`${which} ${when}, so it must not be used at this time.`];
  });
}

function chainProblems({ end }: Chain): readonly string[] {
  return end.kind === 'broken' ? [`The chain of the certificate is broken: ${end.problem} It must not be used.`] : [];
}

/** Anyone can have a certificate under a public root, so only the name shows whose it is. */
function nameProblems({ end }: Chain, name: string, isNamed: boolean): readonly string[] {
  if (isNamed || end.kind === 'given' || end.kind === 'broken') return [];
  return [`The certificate is that of ${name} and not of ${expectedSubject}, so it must not be used.`];
}

function noteOf({ path, end }: Chain, name: string, isNamed: boolean): string {
  const [certificate] = path;
  const until =
    certificate === undefined ? '' : `, and counts until ${new Date(Date.parse(certificate.validTo)).toISOString().slice(0, 10)}`;
  const subject = isNamed
    ? `The certificate is named ${name}${until}`
    : `The certificate is named ${name}, which is no name of PayPal${until}`;
  switch (end.kind) {
    case 'public':
      return `${subject}; its chain leads to the public root ${commonName(end.root)}. ${notFetched}`;
    case 'given':
      return `${subject}; its chain ends at ${commonName(end.root)}, which was given along and is no public root, so only your word says that it is PayPal's. ${notFetched}`;
    case 'open':
      return `${subject}; its chain was not checked, because the certificate of its issuer, ${end.issuer}, was not given. ${notFetched}`;
    case 'broken':
      return `${subject}; its chain is broken. ${notFetched}`;
  }
}

function nextOf({ end }: Chain): readonly string[] {
  switch (end.kind) {
    case 'public':
      return [];
    case 'open':
      return [`Give the certificate of ${end.issuer} along, or check yourself that the chain leads to a public root.`];
    case 'given':
    case 'broken':
      return ['Check that the certificate leads to a public root; the one it ends at is not.'];
  }
}
