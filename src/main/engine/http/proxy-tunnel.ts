import { Buffer } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import { isIP, type Socket } from 'node:net';
import type { ProxyRoute } from './proxy-route.ts';

/** A proxy that did not connect; `problem` completes a sentence that begins with its name. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly code: string;
  readonly problem: string;

  constructor(code: string, problem: string) {
    super(`The proxy ${problem}`);
    this.code = code;
    this.problem = problem;
  }
}

interface TunnelTarget {
  readonly host: string;
  readonly port: number;
  readonly name: string;
}

/** Most bytes of an answer to CONNECT. */
const answerLimitBytes = 65_536;

/** Asks the proxy on an open connection to connect to a target. Rejects with a ProxyError. */
export async function openTunnel(socket: Socket, route: ProxyRoute, target: TunnelTarget): Promise<void> {
  if (route.kind === 'socks5') await connectOverSocks(socket, route, target);
  else await connectOverHttp(socket, route, target);
}

async function connectOverHttp(socket: Socket, { credentials }: ProxyRoute, { name }: TunnelTarget): Promise<void> {
  const login = credentials === null ? null : Buffer.from(`${credentials.user}:${credentials.password}`, 'utf8').toString('base64');
  const lines = [`CONNECT ${name} HTTP/1.1`, `Host: ${name}`, ...(login === null ? [] : [`Proxy-Authorization: Basic ${login}`])];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const head = await readAnswer(socket, name, (bytes) => {
    const end = bytes.indexOf('\r\n\r\n');
    return end === -1 ? null : end + 4;
  });
  const [, status, reason = ''] = /^HTTP\/1\.[01] (\d{3})(?: ([^\r\n]*))?\r\n/.exec(head.toString('latin1')) ?? [];
  if (status === undefined)
    throw new ProxyError(
      'PROXY_ANSWER',
      `did not answer in HTTP when it was asked to connect to ${name}: check its port, and whether it is a SOCKS proxy.`,
    );
  if (status.startsWith('2')) return;
  // A proxy may write what it was sent, so where that held a password its own words are left out.
  const words = credentials === null ? reason : (STATUS_CODES[status] ?? '');
  const said = [
    status,
    words
      .replaceAll(/[^\x20-\x7e]/g, '')
      .trim()
      .slice(0, 100),
  ]
    .filter((part) => part !== '')
    .join(' ');
  throw new ProxyError(`PROXY_${status}`, `refused to connect to ${name}: ${said}.${statusHint(status, credentials !== null)}`);
}

function statusHint(status: string, hasCredentials: boolean): string {
  if (status === '407')
    return hasCredentials ? ' Correct its user or password in the settings.' : ' Enter its user and password in the settings.';
  if (status === '403' || status === '405') return ' Its rules do not allow this target, its port, or tunnels.';
  return status.startsWith('5') ? ' It could not reach the target, or is out of order: its log says which.' : '';
}

const noLogin = 0;
const passwordLogin = 2;
const socksRefusals: Readonly<Record<number, string>> = {
  1: 'a general failure',
  2: 'its rules do not allow it',
  3: 'the network is unreachable',
  4: 'the host is unreachable',
  5: 'the connection was refused',
  6: 'the time to live ran out',
  7: 'it cannot open connections',
  8: 'it does not know this kind of address',
};

/** SOCKS5 with user and password (RFC 1928, RFC 1929); names are looked up by the proxy. */
async function connectOverSocks(socket: Socket, { credentials }: ProxyRoute, target: TunnelTarget): Promise<void> {
  assertWritable(credentials, target);
  const methods = credentials === null ? [noLogin] : [noLogin, passwordLogin];
  socket.write(Buffer.from([5, methods.length, ...methods]));
  const greeting = await readAnswer(socket, target.name, (bytes) => (bytes.byteLength < 2 ? null : 2));
  if (greeting[0] !== 5)
    throw new ProxyError('PROXY_ANSWER', `did not answer as a SOCKS5 proxy: check its port, and whether it is an HTTP proxy.`);
  if (greeting[1] === passwordLogin && credentials !== null) await logIn(socket, credentials, target);
  else if (greeting[1] !== noLogin) {
    const what =
      credentials === null
        ? 'asks for a user and a password: enter them in the settings.'
        : 'takes no user and password: it asks for another way to log in.';
    throw new ProxyError('PROXY_LOGIN', what);
  }
  socket.write(Buffer.from([5, 1, 0, ...addressBytes(target.host), target.port >> 8, target.port & 0xff]));
  const answer = await readAnswer(socket, target.name, socksAnswerLength);
  const code = answer[1] ?? 1;
  if (answer[0] === 5 && code === 0) return;
  throw new ProxyError(
    `PROXY_SOCKS_${code}`,
    `could not connect to ${target.name}: it says that ${socksRefusals[code] ?? `there was failure ${code}`}.`,
  );
}

/** SOCKS5 has one byte for the length of each text. */
function assertWritable(credentials: ProxyRoute['credentials'], { host }: TunnelTarget): void {
  const isTooLong = (text: string) => Buffer.byteLength(text, 'utf8') > 255;
  if (credentials !== null && (isTooLong(credentials.user) || isTooLong(credentials.password)))
    throw new ProxyError('PROXY_LOGIN', 'takes a user and a password of at most 255 bytes each, as SOCKS5 has it: shorten them.');
  if (isTooLong(host))
    throw new ProxyError('PROXY_TARGET', 'takes names of at most 255 bytes, as SOCKS5 has it: shorten that of the target.');
}

async function logIn(socket: Socket, { user, password }: NonNullable<ProxyRoute['credentials']>, { name }: TunnelTarget): Promise<void> {
  const [userBytes, passwordBytes] = [Buffer.from(user, 'utf8'), Buffer.from(password, 'utf8')];
  socket.write(Buffer.concat([Buffer.from([1, userBytes.byteLength]), userBytes, Buffer.from([passwordBytes.byteLength]), passwordBytes]));
  const answer = await readAnswer(socket, name, (bytes) => (bytes.byteLength < 2 ? null : 2));
  if (answer[1] !== 0) throw new ProxyError('PROXY_LOGIN', 'refused its user and password: correct them in the settings.');
}

/** The address as SOCKS5 takes it: its kind and its bytes. */
function addressBytes(host: string): readonly number[] {
  if (isIP(host) === 4) return [1, ...host.split('.').map(Number)];
  if (isIP(host) === 6) return [4, ...ipv6Bytes(host)];
  const name = Buffer.from(host, 'utf8');
  return [3, name.byteLength, ...name];
}

/** The 16 bytes of an address, which a URL writes with groups of hex only. */
function ipv6Bytes(address: string): readonly number[] {
  const [left = '', right] = address.split('::');
  const groupsOf = (text: string | undefined) =>
    text === undefined || text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [groupsOf(left), groupsOf(right)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return [...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]);
}

function socksAnswerLength(bytes: Buffer): number | null {
  if (bytes.byteLength < 5) return bytes.byteLength >= 2 && bytes[1] !== 0 ? bytes.byteLength : null;
  const addressLength = { 1: 4, 3: 1 + (bytes[4] ?? 0), 4: 16 }[bytes[3] ?? 0] ?? 0;
  const length = 4 + addressLength + 2;
  return bytes.byteLength < length ? null : length;
}

/** The next bytes of the proxy, as many as `lengthOf` says once it knows; what comes after them stays on the socket. */
function readAnswer(socket: Socket, target: string, lengthOf: (bytes: Buffer) => number | null): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let read: Buffer = Buffer.alloc(0);
    const stop = () => {
      socket.off('data', onData).off('end', onClose).off('close', onClose);
      socket.pause();
    };
    const onData = (chunk: Buffer) => {
      read = Buffer.concat([read, chunk]);
      const length = lengthOf(read);
      if (length === null && read.byteLength <= answerLimitBytes) return;
      stop();
      if (length === null)
        return reject(new ProxyError('PROXY_ANSWER', `answered with more than 64 KiB when it was asked to connect to ${target}.`));
      if (read.byteLength > length) socket.unshift(read.subarray(length));
      resolve(read.subarray(0, length));
    };
    const onClose = () => {
      stop();
      reject(
        new ProxyError(
          'PROXY_CLOSED',
          `closed the connection when it was asked to connect to ${target}: look at its log, and check its port.`,
        ),
      );
    };
    socket.on('data', onData).once('end', onClose).once('close', onClose);
    socket.resume();
  });
}

const unreachable: ReadonlySet<string> = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'ETIMEDOUT', 'EACCES', 'EPERM']);

/** An error of the connection to a proxy, which says nothing about the target. */
export function proxyConnectionError(code: string | null, isTls: boolean, target: string): ProxyError {
  const reason = code ?? 'no error code';
  if (code === 'ECONNREFUSED')
    return new ProxyError(code, 'refused the connection: nothing is listening there. Start it, or correct its address in the settings.');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA')
    return new ProxyError(code, `has a name without an address (${code}): check it in the settings, and the DNS of this machine.`);
  if (code !== null && unreachable.has(code))
    return new ProxyError(
      code,
      `cannot be reached from this machine (${code}): check its address in the settings, the network and any firewall.`,
    );
  if (isTls) return new ProxyError(reason, `did not finish a trusted TLS handshake (${reason}): check its port and certificate.`);
  return new ProxyError(reason, `broke the connection (${reason}) before it had connected to ${target}: look at its log.`);
}
