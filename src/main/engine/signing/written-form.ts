import { schemeFacts } from '#shared/contract/scheme-facts.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { MacLayout } from '#shared/providers/shapes/layout.ts';
import { schemeOf } from './registry.ts';

/** How a scheme writes its signature, in one line: `X-Hub-Signature-256: sha256=<hex of HMAC-SHA256 over {body}>`, or in words. */
export function writtenForm({ scheme }: Signing): string {
  const facts = scheme === 'custom' ? null : schemeFacts[scheme];
  return facts?.kind === 'mac' ? formOfLayout(facts.layouts[0]) : inWords(schemeOf(scheme).info.description);
}

function formOfLayout({ signatureHeader, hash, pattern, form }: MacLayout): string {
  const digits = `<${form.encoding} of HMAC-${hash.toUpperCase()} over ${pattern}>`;
  if (form.kind !== 'entries') return `${signatureHeader}: ${form.prefix}${digits}`;
  const time = form.timestampLabel === null ? '' : `${form.timestampLabel}${form.joint}<timestamp>${form.separator}`;
  return `${signatureHeader}: ${time}${form.label}${form.joint}${digits}`;
}

/** A description as a part of a sentence. */
function inWords(description: string): string {
  return description.replace(/\.$/, '');
}
