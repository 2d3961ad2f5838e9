import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tlsFault, type TlsFault } from '#shared/contract/tls-fault.ts';
import type { WireFault } from '#shared/contract/wire-fault.ts';
import { startCaptureWorkspace } from '../../support/capture-workspace.ts';
import { missingProgram } from '../../support/programs.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const missing = missingProgram('curl', '--version');

interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

function curl(...flags: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile('curl', ['-sS', '--noproxy', '*', ...flags], (error, stdout, stderr) =>
      resolve({ exit: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

/** The exit code of curl, and what it says in the words of OpenSSL. */
const ofTls: Readonly<Record<TlsFault, readonly [exit: number, says: RegExp]>> = {
  expired: [60, /certificate has expired/],
  'self-signed': [60, /self.signed certificate/],
  'wrong-host': [60, /no alternative certificate subject name matches/],
  untrusted: [60, /self.signed certificate in certificate chain|unable to get (local )?issuer certificate/],
  'missing-intermediate': [60, /unable to get local issuer certificate/],
  'old-tls': [35, /unsupported protocol|protocol version|legacy sigalg/],
  'handshake-cut': [35, /SSL_ERROR_SYSCALL|unexpected eof|reset by peer/i],
  'handshake-hang': [28, /time(d )?out/i],
};

/** Faults that a sender takes for an answer, and what curl shows of it, its head included. */
const answers: readonly (readonly [fault: WireFault, shows: RegExp])[] = [
  [{ kind: 'wrong-length', byBytes: -5 }, /\r\nContent-Length: 8\r\n[^]*\r\n\r\nhalf and$/],
  [{ kind: 'early-answer', closes: false }, /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nhalf and half$/],
  [{ kind: 'early-answer', closes: true }, /\r\nConnection: close\r\n[^]*\r\nhalf and half$/],
  [{ kind: 'close' }, /^HTTP\/1\.1 200 OK\r\n[^]*\r\nConnection: close\r\n[^]*\r\nhalf and half$/],
  [{ kind: 'http-1.0' }, /^HTTP\/1\.0 200 OK\r\n(?:(?!Content-Length)[^\r]+\r\n)*\r\nhalf and half$/],
];

describe.skipIf(missing !== null)('curl', () => {
  it('sees each TLS fault as that fault', async () => {
    const { capture } = await startCaptureWorkspace({ nowMs: Date.now() });
    await capture.createBin({ name: 'Orders' });
    const port = await capture.startHttps(0);
    const ca = join(createTempFolder(), 'ca.pem');
    writeFileSync(ca, (await capture.authority()).certificatePem);
    const at = (label: string, withinSeconds = '80') =>
      curl('--cacert', ca, '--max-time', withinSeconds, '-d', 'hello', `https://${label}orders.localhost:${port}/`);
    expect(await at('')).toMatchObject({ exit: 0, stderr: '' });
    // Only what hangs is given up soon: on a busy machine the others take longer than that.
    const ask = (fault: TlsFault) => at(`${fault}.`, fault === 'handshake-hang' ? '1.5' : undefined);
    const seen = await Promise.all(tlsFault.options.map(async (fault) => ({ fault, ...(await ask(fault)) })));
    expect(seen).toEqual(
      tlsFault.options.map((fault) => ({ fault, exit: ofTls[fault][0], stdout: '', stderr: expect.stringMatching(ofTls[fault][1]) })),
    );
  });

  it.each(answers)('gets an answer that shows the fault %j', async (fault, shows) => {
    const { capture } = await startCaptureWorkspace();
    const { url } = await capture.createBin({ name: 'Faulty', response: { body: 'half and half', fault } });
    expect(await curl('-i', '-d', 'hello', url)).toEqual({ exit: 0, stdout: expect.stringMatching(shows) as string, stderr: '' });
  });
});
