import { createHmac, randomBytes } from 'node:crypto';
import { hostProofText, pageProofProtocolPrefix, pageProofText, type PageChallenge } from '#shared/host-bridge.ts';
import { isSameText, pageKeyOf } from './access.ts';

/** How long a page may take from the challenge to the WebSocket. */
const lastsMs = 60_000;
const timeBytes = 6;
const chanceBytes = 18;
const nonceBytes = timeBytes + chanceBytes;

/** How the host and its page prove to each other that they have the page key, without sending it. */
export interface PageProofs {
  /** The answer to a page of `origin` with its nonce. */
  readonly challenge: (origin: string, pageNonce: string) => PageChallenge;
  /** Whether one of the offered subprotocols is the proof of a page of `origin` over a nonce of this host; each nonce counts once. */
  readonly isProven: (origin: string, protocols: readonly string[]) => boolean;
}

/**
 * Nonces are of this start of the host, so what was recorded of an earlier one is worth nothing. `now` is in whole milliseconds, of a clock that
 * nobody sets: one that is set back would let a used nonce count again.
 */
export function createPageProofs(token: string, now: () => number = () => Math.floor(performance.now())): PageProofs {
  const ofThisStart = randomBytes(32);
  /** Those that let a page in, until they would be too old. */
  const used = new Map<string, number>();
  const sealOf = (content: Buffer) => createHmac('sha256', ofThisStart).update(content).digest();

  const madeAtMs = (nonce: string): number | null => {
    const bytes = Buffer.from(nonce, 'base64url');
    const content = bytes.subarray(0, nonceBytes);
    // Compared as text too: another spelling of the same bytes would count once more.
    const isOurs =
      bytes.toString('base64url') === nonce && isSameText(bytes.subarray(nonceBytes).toString('hex'), sealOf(content).toString('hex'));
    return isOurs ? content.readUIntBE(0, timeBytes) : null;
  };

  return {
    challenge: (origin, pageNonce) => {
      const content = Buffer.concat([Buffer.alloc(timeBytes), randomBytes(chanceBytes)]);
      content.writeUIntBE(now(), 0, timeBytes);
      const nonce = Buffer.concat([content, sealOf(content)]).toString('base64url');
      return { nonce, proof: signed(token, hostProofText(origin, pageNonce, nonce)) };
    },
    isProven: (origin, protocols) => {
      const offered = protocols.find((protocol) => protocol.startsWith(pageProofProtocolPrefix));
      const [nonce = '', proof = ''] = (offered ?? '').slice(pageProofProtocolPrefix.length).split('.');
      const atMs = madeAtMs(nonce);
      if (atMs === null || Math.abs(now() - atMs) > lastsMs || used.has(nonce)) return false;
      if (!isSameText(proof, signed(token, pageProofText(origin, nonce)))) return false;
      for (const [old, oldMs] of used) if (now() - oldMs > lastsMs) used.delete(old);
      used.set(nonce, atMs);
      return true;
    },
  };
}

function signed(token: string, text: string): string {
  return createHmac('sha256', pageKeyOf(token)).update(text).digest('base64url');
}
