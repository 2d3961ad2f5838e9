import { tlsFault, type TlsFault } from '#shared/contract/tls-fault.ts';

/** What a host name below `localhost` says. */
export interface LocalName {
  readonly slug: string;
  /** The TLS fault that its first label names, or null. */
  readonly fault: TlsFault | null;
}

const localName = /^(?:([a-z-]+)\.)?([a-z0-9][a-z0-9-]{0,62})\.localhost\.?(?::\d{1,5})?$/i;

/** The bin that a host, with or without its port, may name by `slug.localhost` or `fault.slug.localhost`; null for any other host. */
export function readLocalName(host: string): LocalName | null {
  const [, prefix, slug] = localName.exec(host) ?? [];
  if (slug === undefined) return null;
  if (prefix === undefined) return { slug: slug.toLowerCase(), fault: null };
  const fault = tlsFault.safeParse(prefix.toLowerCase());
  return fault.success ? { slug: slug.toLowerCase(), fault: fault.data } : null;
}
