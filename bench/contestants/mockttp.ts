import { resolve } from 'node:path';
import { startChild } from '../support/child.ts';
import { whyNotInstalled } from '../support/install-peer.ts';

const folder = resolve(import.meta.dirname, '../peers/mockttp');

/** Why mockttp cannot run here, in a clause, or null once it is installed. */
export function whyNoMockttp(): Promise<string | null> {
  return whyNotInstalled(folder);
}

/** A mock server in a process of its own, which answers every POST with 200 and keeps it in memory. */
export async function startMockttp(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const server = await startChild<string, { readonly url: string }>(resolve(folder, 'server.js'));
  return { url: (await server.ask('url')).url, stop: server.stop };
}
