import { MessageChannel, type Worker } from 'node:worker_threads';
import { Refusal } from '../base/refusal.ts';
import { writerLostCode, type StoreProblem } from './store-problem.ts';
import type { HotWrite } from './database.ts';
import type { HeldFiles } from './held-files.ts';
import { endIdleThread, startThread } from '../base/thread.ts';
import { fromFailure } from '../base/thread-failure.ts';
import type { WriterAnswer, WriterOrder, WriterWord } from './writer-messages.ts';

/** Makes hot writes in the writer thread, which it starts at once. */
export interface HotWriter {
  readonly write: <I, O>(write: HotWrite<I, O>, input: I) => Promise<O>;
  /** Whether all requested writes are done. */
  readonly isSettled: () => boolean;
  /** Settles once all writes requested so far are made or refused. */
  readonly settled: () => Promise<void>;
  /** Settles with the reason if the thread ever ends by itself; nothing is written from then on. */
  readonly lost: Promise<string>;
  /** Copies the journal into the data file after the writes requested so far; resolves with whether all of it is there now. */
  readonly copy: () => Promise<boolean>;
  /** Resolves once all requested writes are on disk and the thread has closed the file. */
  readonly close: () => Promise<void>;
}

/**
 * Writes that are handed to the thread without waiting for the end of the turn: it would wait for this one to ask for the
 * last of them, and this one for its answer to the first.
 */
const hurriedAtOnce = 16;

/** Code: the writer thread could not start yet. */
export const writerStartCode = 'writer start';

/** Wait before it is started again. */
const startAgainMs = 2000;

/** Nobody waits for a record, so while the thread works, up to this many are collected for its next group: small groups cost more. */
const recordsAtOnce = 128;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface HotWriterDeps {
  readonly file: string;
  /** The code of the thread, which knows the hot writes by their names. */
  readonly threadCode: URL;
  readonly held?: HeldFiles | null;
  readonly turns: SharedArrayBuffer;
  /** Called with the result of each group: null, or why it was refused as a whole. */
  readonly onGroup: (problem: StoreProblem | null) => void;
  /** Called when the thread has opened the file. */
  readonly onReady?: () => void;
}

export function createHotWriter({ file, held = null, threadCode, turns, onGroup, onReady = () => undefined }: HotWriterDeps): HotWriter {
  let thread: { readonly worker: Worker; readonly port: MessageChannel['port1']; readonly closed: Promise<void> } | null = null;
  /** Not passed to the thread yet, and how many of these are not records. */
  let batch: [name: string, input: unknown][] = [];
  let hurried = 0;
  let isPostScheduled = false;
  const waiting: Waiting[] = [];
  const copies: ((isCopied: boolean) => void)[] = [];
  let newest: Promise<unknown> = Promise.resolve();
  let lostBecause: string | null = null;
  let isClosing = false;
  let tellLost: (reason: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => (tellLost = resolve));

  const start = () => {
    const { port1: port, port2 } = new MessageChannel();
    const order: WriterOrder = { file, held, turns, port: port2 };
    const worker = startThread(threadCode, 'hookyard-writer');
    worker.postMessage(order, [port2]);
    let reason = 'it ended by itself';
    let isReady = false;
    worker.on('error', (error) => (reason = error instanceof Error ? error.message : String(error)));
    const { promise: closed, resolve: tellClosed } = Promise.withResolvers<void>();
    worker.on('exit', () => {
      for (const tell of copies.splice(0)) tell(false);
      if (!isClosing && isReady) lose(reason);
      else if (!isClosing) failToStart(reason);
      tellClosed();
    });
    port.on('message', (word: WriterWord) => {
      if (word === 'closed') return tellClosed();
      if (word !== 'ready') return 'isCopied' in word ? copies.shift()?.(word.isCopied) : settle(word);
      isReady = true;
      return onReady();
    });
    return { worker, port, closed };
  };

  const settle = ({ results, problem }: WriterAnswer) => {
    onGroup(problem);
    for (const result of results) {
      const write = waiting.shift();
      if ('value' in result) write?.resolve(result.value);
      else write?.reject(fromFailure(result.failure));
    }
    if (isIdle()) schedulePost();
  };

  /** It has made none of the writes, so none is in doubt: they are refused, and the thread is started again. */
  const failToStart = (reason: string) => {
    const message = `The thread that writes the data file could not start (${reason}), and Hookyard goes on trying. If it is for want of open files, close programs or raise the limit (ulimit -n).`;
    thread = null;
    batch = [];
    hurried = 0;
    onGroup({ code: writerStartCode, message });
    for (const write of waiting.splice(0)) write.reject(unavailable(message));
    setTimeout(startIfNeeded, startAgainMs).unref();
  };

  const lose = (reason: string) => {
    lostBecause = `The thread that writes the data file failed (${reason}): restart Hookyard.`;
    onGroup({ code: writerLostCode, message: lostBecause });
    tellLost(lostBecause);
    for (const write of waiting.splice(0)) write.reject(unavailable(lostBecause));
  };

  const startIfNeeded = () => {
    if (!isClosing && lostBecause === null) thread ??= start();
  };

  /** Whether the thread has nothing to do. */
  const isIdle = () => waiting.length === batch.length;

  const post = () => {
    isPostScheduled = false;
    if (batch.length === 0) return;
    thread?.port.postMessage({ writes: batch });
    batch = [];
    hurried = 0;
  };

  const schedulePost = () => {
    if (!isPostScheduled) setImmediate(post);
    isPostScheduled = true;
  };

  // Starting a thread takes a good part of a second, which would delay the first due delivery.
  setImmediate(startIfNeeded);

  return {
    write: <I, O>({ name, canWait }: HotWrite<I, O>, input: I) => {
      if (lostBecause !== null) return Promise.reject(unavailable(lostBecause));
      thread ??= start();
      const written = new Promise<unknown>((resolve, reject) => waiting.push({ resolve, reject }));
      newest = written;
      batch.push([name, input]);
      if (!canWait) hurried += 1;
      if (hurried === hurriedAtOnce || batch.length === recordsAtOnce) post();
      // The writes of one turn of the event loop are passed over together.
      else if (hurried > 0 || isIdle()) schedulePost();
      return written as Promise<O>;
    },
    isSettled: () => waiting.length === 0,
    // Results come in the order of the writes.
    settled: () => newest.then(nothing, nothing),
    lost,
    copy: async () => {
      if (thread === null || isClosing || lostBecause !== null) return false;
      const { port } = thread;
      post();
      return await new Promise<boolean>((resolve) => {
        copies.push(resolve);
        port.postMessage('copy');
      });
    },
    close: async () => {
      isClosing = true;
      if (thread === null || lostBecause !== null) return;
      post();
      thread.port.postMessage('close');
      await thread.closed;
      await endIdleThread(thread.worker);
    },
  };
}

const nothing = () => undefined;

function unavailable(message: string): Refusal<'STORE_UNAVAILABLE'> {
  return new Refusal('STORE_UNAVAILABLE', message, { reason: writerLostCode });
}
