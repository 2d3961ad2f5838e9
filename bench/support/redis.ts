import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createTempFolder } from './temp-folder.ts';
import { freePort } from '../../test/support/free-port.ts';

/** When Redis syncs its append-only file: after every command it has answered, or once a second. */
export type AppendFsync = 'always' | 'everysec';

export interface Redis {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** Version of the `redis-server` on the PATH, or null when there is none. */
export async function redisVersion(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('redis-server', ['--version']);
    return /v=(\S+)/.exec(stdout)?.[1] ?? 'unknown';
  } catch {
    return null;
  }
}

/**
 * Starts the Redis of the PATH on a free loopback port, with its data in a temporary folder and no configuration of the
 * system. It keeps an append-only file and makes no snapshots beside it.
 */
export async function startRedis(appendFsync: AppendFsync): Promise<Redis> {
  const folder = createTempFolder();
  const port = await freePort();
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    dir: folder.path,
    appendonly: 'yes',
    appendfsync: appendFsync,
    save: '',
    // The benchmark shortens the file between rounds, so that no round pays for it.
    'auto-aof-rewrite-percentage': '0',
    loglevel: 'warning',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const server = spawn('redis-server', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const kill = () => void server.kill();
  process.once('exit', kill);
  const exited = once(server, 'exit');
  const stop = async () => {
    process.off('exit', kill);
    if (server.exitCode === null && server.signalCode === null) kill();
    await exited;
    folder.remove();
  };
  try {
    while (!(await answersPing(port))) {
      if (server.exitCode !== null) throw new Error(`redis-server ended at once with code ${server.exitCode}; run it by hand to see why.`);
      await delay(20);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, stop };
}

async function answersPing(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [answer] = await once(socket, 'data');
    return String(answer).startsWith('+PONG');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
