import { Buffer } from 'node:buffer';
import type { SourceGap } from '#shared/contract/sources.ts';
import { TaskEnded, type Background } from '../background/background.ts';
import type { Clock } from '../base/ports.ts';
import { ownBytes } from '../base/own-bytes.ts';
import type { Capture } from '../capture/capture.ts';
import type { CaptureSource } from '../capture/capture-source.ts';
import { eventLineLimit, type ServerEvent } from '../http/event-stream.ts';
import type { SourceConfig } from './config.ts';
import { readExactEvent } from './exact-event.ts';
import { readSmeeEvent, smeeReadTask, type SmeeRead } from './smee-event.ts';

/** Up to when a source was connected: exactly, or at least, where the process that knew it has ended. */
export interface LastOpen {
  readonly atMs: number;
  readonly isExact: boolean;
}

export interface IntakeDeps {
  readonly background: Pick<Background, 'run'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly bring: Capture['bring'];
  readonly bodyLimitBytes: () => number;
  readonly addGap: (id: string, gap: SourceGap) => Promise<void>;
  /** How far it has come by what is on disk. */
  readonly position: () => { readonly eventId: string | null } | undefined;
  readonly notePosition: (eventId: string) => Promise<void>;
  /** Up to when it was connected; undefined for a source that never was. */
  readonly lastOpen: LastOpen | undefined;
}

/** Data of this size is read within some milliseconds. */
const smallBytes = 65_536;
const awayMessage = 'The channel keeps nothing for later: nothing that came to it in this time, while nobody was connected, was received.';
const stoppedMessage =
  'The channel keeps nothing for later, and Hookyard did not run for a part of this time, which begins when it was last known to be connected: nothing that came to the channel meanwhile was received.';
/** A request that came through this many sources is not taken again. */
const mostSources = 8;

/** Takes the events of one source in their order, and notices what is missing between them. */
export function createIntakeOf(deps: IntakeDeps, { id, kind, binId }: Pick<SourceConfig, 'id' | 'kind' | 'binId'>) {
  const { clock } = deps;
  let lastId = deps.position()?.eventId ?? null;
  let lastOpen = deps.lastOpen;
  let isFirstOfConnection = true;

  const gap = (message: string, fromMs: number | null = null) => deps.addGap(id, { fromMs, toMs: clock.now(), message });

  /** A smee channel counts its events, and by its own server keeps none: whether it goes on where it was shows in the first id. */
  const checkSmee = async (eventId: string | null) => {
    const isFirst = isFirstOfConnection;
    isFirstOfConnection = false;
    const [before, now] = [numberOf(lastId), numberOf(eventId)];
    const goesOn = before !== null && now === before + 1;
    if (goesOn) return;
    if (isFirst && lastOpen !== undefined) await gap(lastOpen.isExact ? awayMessage : stoppedMessage, lastOpen.atMs);
    if (!isFirst && before !== null && now !== null && now > before + 1)
      await gap(`${now - before - 1} events of the channel did not arrive.`);
  };

  const bring = async (event: ServerEvent, source: Omit<CaptureSource, 'sourceId' | 'kind'>, request: Parameters<Capture['bring']>[1]) => {
    const through = [...source.through, id];
    await deps.bring(binId, request, {
      source: { sourceId: id, kind, body: source.body, through },
      position: { sourceId: id, eventId: event.lastId, atMs: clock.now() },
    });
  };

  const leaveOut = async (event: ServerEvent, why: string) => {
    await gap(`An event was left out: ${why}`);
    if (event.lastId !== null) await deps.notePosition(event.lastId);
  };

  const takeSmee = async (event: ServerEvent) => {
    if (event.type !== 'message') return;
    const data = event.lines.length === 1 ? (event.lines[0] ?? Buffer.alloc(0)) : Buffer.concat(withLineBreaks(event.lines));
    const read = data.byteLength <= smallBytes ? readSmeeEvent(data) : await inThread(deps.background, data);
    if (read.kind === 'unreadable') return leaveOut(event, read.why);
    return bring(event, { body: read.body, through: [] }, read.request);
  };

  const takeExact = async (event: ServerEvent) => {
    if (event.type === 'gap') return gap(messageIn(event));
    if (event.type === 'ready' && event.lastId !== null && deps.position() === undefined) return deps.notePosition(event.lastId);
    if (event.type !== 'capture') return undefined;
    const read = await readExactEvent(deps.background, event.lines, deps.bodyLimitBytes());
    if (read.kind === 'unreadable') return leaveOut(event, read.why);
    const { through, body, ...head } = read.head;
    if (through.includes(id) || through.length >= mostSources)
      return leaveOut(event, 'it came through this source before, so it would go round.');
    return bring(event, { body, through }, { ...head, body: read.body, isBodyTruncated: head.isBodyTruncated || read.isCut });
  };

  return {
    /** The id to go on from. */
    lastId: () => lastId,
    /** The connection has ended, and was open until then. */
    dropped: (openUntilMs: number) => {
      lastOpen = { atMs: openUntilMs, isExact: true };
      isFirstOfConnection = true;
    },
    /** Rejects with a Refusal STORE_UNAVAILABLE when it cannot be kept now, and may be called again with the same event then. */
    take: async (event: ServerEvent) => {
      if (kind === 'smee') {
        await checkSmee(event.lastId);
        // Before it is kept: taken again after the store refused it, it is no gap.
        lastId = event.lastId ?? lastId;
      }
      if (event.isTooLong)
        await leaveOut(
          event,
          `it has more bytes than this Hookyard takes for a body (raise that limit in the settings), or more than ${eventLineLimit} lines.`,
        );
      else if (kind === 'smee') await takeSmee(event);
      else await takeExact(event);
      lastId = event.lastId ?? lastId;
    },
  };
}

/** An event on which a thread would work for too long is one that cannot be read, and not the end of the connection. */
async function inThread(background: Pick<Background, 'run'>, data: Buffer): Promise<SmeeRead> {
  try {
    return await background.run('texts', smeeReadTask, ownBytes(data));
  } catch (error) {
    if (!(error instanceof TaskEnded)) throw error;
    return {
      kind: 'unreadable',
      why: error.why === 'late' ? 'reading it took too long.' : 'reading it took too much memory.',
    };
  }
}

function numberOf(eventId: string | null): number | null {
  return eventId !== null && /^\d{1,15}$/.test(eventId) ? Number(eventId) : null;
}

function withLineBreaks(lines: readonly Buffer[]): Buffer[] {
  const lineBreak = Buffer.from('\n');
  return lines.flatMap((line, index) => (index === 0 ? [line] : [lineBreak, line]));
}

function messageIn({ lines }: ServerEvent): string {
  try {
    const { message } = JSON.parse(Buffer.concat(lines).toString('utf8')) as { readonly message?: unknown };
    if (typeof message === 'string') return message.slice(0, 1000);
  } catch {
    // Said below.
  }
  return 'The other Hookyard says that captures may be missing.';
}
