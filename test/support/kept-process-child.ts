import { pathToFileURL } from 'node:url';
import type { KeptOrder } from './kept-process.ts';

/**
 * A process that runs one program after the other, as each would run in a process of its own: with its arguments and environment, until
 * nothing keeps it running any more. What a program leaves in the process is taken away before the next. A program that ends the process ends it.
 */
const [endMark = ''] = process.argv.slice(2);
const emitters = [process, process.stdout, process.stderr] as const;
const umask = process.umask();
let runs = 0;
let running: { readonly listeners: ReturnType<typeof listenersNow>; isRead: boolean } | null = null;

process.on('message', (order: KeptOrder | string) => (typeof order === 'string' ? process.send?.(order) : run(order)));
process.on('disconnect', () => process.exit());
process.on('beforeExit', () => {
  // Others that wait for this event come first: a log writes its last lines then.
  if (running !== null) setImmediate(end);
});

/** Runs an entry of the build. It is loaded anew each time; the files that it loads are kept. */
async function run({ entry, args, env }: KeptOrder): Promise<void> {
  running = { listeners: listenersNow(), isRead: false };
  process.argv = [process.execPath, entry, ...args];
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.exitCode = undefined;
  // From here on only the program keeps the process.
  process.channel?.unref();
  runs += 1;
  await import(`${pathToFileURL(entry).href}?run=${runs}`);
  running.isRead = true;
}

function end(): void {
  if (running === null) return;
  const { listeners, isRead } = running;
  running = null;
  process.channel?.ref();
  // Node ends with 13 where a module waits for what never comes.
  const code = isRead ? Number(process.exitCode ?? 0) : 13;
  const before = listeners.get(process)?.get('exit') ?? [];
  for (const listener of process.rawListeners('exit')) if (!before.includes(listener)) Reflect.apply(listener, process, [code]);
  takeAwayListeners(listeners);
  process.umask(umask);
  process.exitCode = undefined;
  process.stdout.write(endMark);
  process.stderr.write(endMark);
  process.send?.({ code });
}

function listenersNow() {
  return new Map(emitters.map((emitter) => [emitter, new Map(emitter.eventNames().map((name) => [name, emitter.rawListeners(name)]))]));
}

function takeAwayListeners(before: ReturnType<typeof listenersNow>): void {
  for (const emitter of emitters)
    for (const name of emitter.eventNames())
      for (const listener of emitter.rawListeners(name))
        if (before.get(emitter)?.get(name)?.includes(listener) !== true) emitter.removeListener(name, listener as () => void);
}
