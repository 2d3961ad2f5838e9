import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';

/** Where a chain of certificates leads. */
export type ChainEnd =
  /** To a root that comes with Node, as browsers trust it. */
  | { readonly kind: 'public'; readonly root: X509Certificate }
  /** To a self-signed certificate that was provided with it, so it is only as trustworthy as whoever provided it. */
  | { readonly kind: 'given'; readonly root: X509Certificate }
  /** Nowhere: the issuer's certificate is missing. */
  | { readonly kind: 'open'; readonly issuer: string }
  /** To an issuer that did not sign the certificate before it, or may not. */
  | { readonly kind: 'broken'; readonly problem: string };

/** A certificate and its issuers, each signed by the next, and where the chain ends. */
export interface Chain {
  readonly path: readonly X509Certificate[];
  readonly end: ChainEnd;
}

/** Longer chains are not in public use; a cycle ends here too. */
const longestPath = 8;
/** At most this many certificates are read from one text; chains have three or four. */
const mostCertificates = 20;

/** Every certificate in PEM in a text, in order; other text and unreadable blocks are skipped. */
export function certificatesIn(text: string): readonly X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return blocks.slice(0, mostCertificates).flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      // Another block may be complete, and if this one is needed, reading the key reports the problem.
      return [];
    }
  });
}

let parsedRoots: readonly X509Certificate[] | null = null;

/** The public roots that come with Node, read at the first use. */
export function publicRoots(): readonly X509Certificate[] {
  parsedRoots ??= rootCertificates.map((pem) => new X509Certificate(pem));
  return parsedRoots;
}

/**
 * Follows a certificate from issuer to issuer, first to `roots`, then over those `given`. Signatures, names and the right to
 * issue are checked; dates, revocation and constraints are not.
 */
export function followChain(
  leaf: X509Certificate,
  given: readonly X509Certificate[],
  roots: readonly X509Certificate[] = publicRoots(),
): Chain {
  const path = [leaf];
  for (let last = leaf; path.length <= longestPath;) {
    const own = roots.find((root) => root.fingerprint256 === last.fingerprint256);
    if (own !== undefined) return { path, end: { kind: 'public', root: own } };
    const root = roots.find((candidate) => problemOfIssuer(candidate, last) === null);
    if (root !== undefined) return { path: [...path, root], end: { kind: 'public', root } };
    if (isSelfSigned(last)) return { path, end: { kind: 'given', root: last } };
    const isNew = ({ fingerprint256 }: X509Certificate) => path.every((one) => one.fingerprint256 !== fingerprint256);
    const named = given.filter((candidate) => isNew(candidate) && last.checkIssued(candidate));
    const next = named.find((candidate) => problemOfIssuer(candidate, last) === null);
    if (next === undefined) return { path, end: endWithout(named, last) };
    path.push(next);
    last = next;
  }
  return { path, end: { kind: 'broken', problem: `The chain of the certificate is longer than ${longestPath} certificates.` } };
}

function endWithout(named: readonly X509Certificate[], last: X509Certificate): ChainEnd {
  const [first] = named;
  const problem = first === undefined ? null : problemOfIssuer(first, last);
  return problem === null ? { kind: 'open', issuer: nameOf(last.issuer) } : { kind: 'broken', problem };
}

/** Why a certificate is not the issuer of another, as a sentence; null when it is. */
function problemOfIssuer(issuer: X509Certificate, certificate: X509Certificate): string | null {
  const names = `${commonName(certificate)} names ${commonName(issuer)} as its issuer`;
  if (!certificate.checkIssued(issuer)) return `${names} in another form.`;
  if (!certificate.verify(issuer.publicKey)) return `${names}, but the key of that certificate did not sign it.`;
  return issuer.ca ? null : `${names}, but that certificate may not issue others (it is no CA).`;
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}

/** The common name of a certificate's subject, else its whole subject in one line. */
export function commonName(certificate: X509Certificate): string {
  return nameOf(certificate.subject);
}

/** Node writes a name with a line for each part. A subject may be left out altogether. */
function nameOf(name: string | undefined): string {
  const lines = (name ?? '').split('\n').filter((line) => line !== '');
  const common = lines.findLast((line) => line.startsWith('CN='))?.slice('CN='.length);
  return common ?? (lines.length === 0 ? 'a certificate without a name' : lines.join(', '));
}
