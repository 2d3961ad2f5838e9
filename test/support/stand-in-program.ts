import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A program in the place of one that is not installed here. Each run of it connects to the test, and its end ends that connection. */
export interface StandIn {
  /** The next run that has not been given yet. */
  readonly nextRun: () => Promise<StandInRun>;
}

export interface StandInRun {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly pid: number;
  /** Lets it print a line, on standard output unless told. */
  readonly print: (line: string, on?: 'stdout' | 'stderr') => void;
  readonly exit: (code: number) => void;
  /** Settles when the process is gone, however it ended. */
  readonly gone: Promise<void>;
}

/** Puts a program of this name into a folder. */
export async function makeStandIn(folder: string, name: string): Promise<StandIn> {
  const runs: StandInRun[] = [];
  const waiting: ((run: StandInRun) => void)[] = [];
  const take = async (socket: Socket) => {
    const run = await begin(socket, createInterface({ input: socket }));
    const next = waiting.shift();
    if (next === undefined) runs.push(run);
    else next(run);
  };
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    void take(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const file = join(folder, name);
  writeFileSync(file, programOf((server.address() as AddressInfo).port));
  chmodSync(file, 0o755);
  return {
    nextRun: () => {
      const run = runs.shift();
      return run === undefined ? new Promise((resolve) => void waiting.push(resolve)) : Promise.resolve(run);
    },
  };
}

async function begin(socket: Socket, lines: Interface): Promise<StandInRun> {
  const [text] = (await once(lines, 'line')) as [string];
  const { args, environment, pid } = JSON.parse(text) as Pick<StandInRun, 'args' | 'environment' | 'pid'>;
  const tell = (order: object) => void socket.write(`${JSON.stringify(order)}\n`);
  return {
    args,
    environment,
    pid,
    print: (line, on = 'stdout') => tell({ print: line, on }),
    exit: (code) => tell({ exit: code }),
    gone: new Promise((resolve) => void socket.once('close', resolve)),
  };
}

function programOf(port: number): string {
  return `#!${process.execPath}
const socket = require('node:net').connect(${port}, '127.0.0.1');
socket.write(JSON.stringify({ args: process.argv.slice(2), environment: process.env, pid: process.pid }) + '\\n');
require('node:readline').createInterface({ input: socket }).on('line', (line) => {
  const order = JSON.parse(line);
  if (order.exit !== undefined) process.exit(order.exit);
  process[order.on].write(order.print + '\\n');
});
setInterval(() => {}, 1000000);
`;
}
