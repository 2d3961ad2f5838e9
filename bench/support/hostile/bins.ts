import { parseOptions, schemes } from '#engine/signing/registry.ts';
import { callRest } from './act.ts';
import type { BenchHost } from '../host.ts';

/** Where the host captures. */
export async function captureUrlOf(host: BenchHost): Promise<string> {
  return (JSON.parse((await callRest(host, 'GET', '/health')).text) as { readonly captureUrl: string }).captureUrl;
}

/** The id of what a call made. Throws what a refusal says. */
export async function madeId(host: BenchHost, path: string, body: unknown): Promise<string> {
  const { status, text } = await callRest(host, 'POST', path, body);
  if (status >= 300) throw new Error(`${path} answered ${status}: ${text.slice(0, 300)}`);
  return (JSON.parse(text) as { readonly id: string }).id;
}

/** Makes the bin that verifies by a scheme, or the one that verifies nothing, unless it is there. */
export async function makeBin(host: BenchHost, scheme: string | null): Promise<void> {
  const signing = scheme === null ? null : parseOptions(scheme, scheme === 'paypal' ? { webhookId: '1JE4291016473214C' } : undefined);
  const known = schemes.find(({ id }) => id === scheme);
  const secrets =
    known === undefined || signing === null || scheme === 'paypal' ? [] : [known.makeSecret(new Uint8Array(32).fill(7), signing)];
  await callRest(host, 'POST', '/bins', { name: slugFor(scheme), slug: slugFor(scheme), signing, secrets });
}

/** The slug of that bin. */
export const slugFor = (scheme: string | null) => `bench-${scheme ?? 'plain'}`;
