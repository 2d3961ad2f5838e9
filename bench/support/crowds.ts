import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** How long a crowd may take to be answered. */
const patienceMs = 60_000;

/** What a stranger sends on one connection, and how many answers end it. */
export interface RawLine {
  readonly bytes: string;
  readonly answers: number;
}

/** Sends on one connection each at once; returns the first status line and the number of answers. */
export async function sendRaw(port: number, lines: readonly RawLine[]): Promise<string> {
  const results = await Promise.all(lines.map((line) => converse(port, line)));
  const answered = results.reduce((sum, { count }) => sum + count, 0);
  return `${answered.toLocaleString('en')} answers, the first ${results[0]?.first ?? 'none'}`;
}

function converse(port: number, { bytes, answers }: RawLine): Promise<{ readonly first: string; readonly count: number }> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    let count = 0;
    let first = '';
    const end = () => {
      socket.destroy();
      resolve({ first, count });
    };
    socket.setTimeout(patienceMs, end);
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
      first ||= text.slice(0, text.indexOf('\r\n'));
      const parts = text.split('HTTP/1.1 ');
      count += parts.length - 1;
      // What may be the beginning of the next answer.
      text = text.slice(-8);
      if (text.includes('HTTP/1.1')) text = '';
      if (count >= answers) end();
    });
    socket.on('error', end);
    socket.on('close', end);
    socket.write(bytes);
  });
}

/** Opens connections one after the other, each with a beginning that never ends, and leaves them open for a while. */
export async function holdOpen(port: number, count: number, beginning: string | Uint8Array): Promise<string> {
  const sockets: Socket[] = [];
  let refused = '';
  let ended = 0;
  for (let made = 0; made < count; made += 1) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.on('close', () => (ended += 1));
    socket.on('data', (piece) => (refused ||= piece.toString('latin1').split('\r\n')[0] ?? ''));
    socket.write(beginning);
    sockets.push(socket);
    if (made % 50 === 49) await setTimeout(10);
  }
  await setTimeout(1500);
  const told = ended === 0 ? 'all stay open' : `${ended.toLocaleString('en')} were ended, the first with ${refused}`;
  for (const socket of sockets) socket.destroy();
  return told;
}
