import { resolve } from 'node:path';
import { startChild } from '../support/child.ts';
import { whyNotInstalled } from '../support/install-peer.ts';
import type { RelayContestant } from './relay-contestant.ts';

const folder = resolve(import.meta.dirname, '../peers/smee');

/** Why smee-client cannot run here, in a clause, or null once it is installed. */
export function whyNoSmee(): Promise<string | null> {
  return whyNotInstalled(folder);
}

/** A channel and the client from npm, each in a process of its own. Nothing is kept, so what the target has got is all there is. */
export async function startSmee(target: string): Promise<RelayContestant> {
  const server = await startChild<string, { readonly url: string }>(resolve(folder, 'server.js'));
  const client = await startChild<{ readonly source: string; readonly target: string }, string>(resolve(folder, 'client.js'));
  const { url } = await server.ask('url');
  await client.ask({ source: url, target });
  return {
    url,
    recorded: () => Promise.resolve(),
    rest: () => Promise.resolve(),
    stop: async () => {
      await client.stop();
      await server.stop();
    },
  };
}
