import type { HeaderField } from '#shared/contract/common.ts';

/** What an incoming request shows about its sender. */
export interface ArrivedRequest {
  /** The remote port of its connection; null when unknown. */
  readonly remotePort: number | null;
  readonly headers: readonly HeaderField[];
}

/** One outgoing request, to be recognised when it arrives at our listener. */
export interface SentRequest {
  /** Notes header fields that only this delivery's requests have: its signature, its ids. */
  readonly carries: (marks: readonly HeaderField[]) => void;
  /** Notes that it is being written to the connection with this local port; `written` returns its header fields as written. */
  readonly wentOut: (localPort: number, written: () => readonly HeaderField[]) => void;
  /** The attempt is over. */
  readonly end: () => void;
}

/** The requests under way, and the last ones that ended. */
export interface SentRequests {
  readonly begin: (deliveryId: string) => SentRequest;
  /** The delivery that a request belongs to; null when it is not ours or could belong to several. */
  readonly deliveryOf: (arrived: ArrivedRequest) => string | null;
}

/** How many ended requests are still recognised by their marks: a relay may pass one on after it has answered. */
const endedKept = 1000;

interface Entry {
  readonly deliveryId: string;
  marks: readonly string[];
  port: number | null;
  written: (() => readonly HeaderField[]) | null;
}

/**
 * Knows requests again by what they carry. A port alone proves nothing: another program may have it towards the listener
 * while we have it towards elsewhere, and behind a proxy it is the proxy's. So a request counts as ours when its marks
 * arrived, over whichever connection, or when it came from our port with exactly the header fields that we wrote to it.
 */
export function createSentRequests(): SentRequests {
  const byPort = new Map<number, Entry>();
  const byMark = new Map<string, Set<Entry>>();
  const ended = new Set<Entry>();

  const forget = (entry: Entry) => {
    const [first] = entry.marks;
    if (first === undefined) return;
    const others = byMark.get(first);
    others?.delete(entry);
    if (others?.size === 0) byMark.delete(first);
  };
  const leavePort = (entry: Entry) => {
    // A kept connection may be in use by another request by now; then the port is that request's.
    if (entry.port !== null && byPort.get(entry.port) === entry) byPort.delete(entry.port);
    entry.port = null;
    entry.written = null;
  };

  return {
    begin: (deliveryId) => {
      const entry: Entry = { deliveryId, marks: [], port: null, written: null };
      return {
        carries: (marks) => {
          forget(entry);
          // The longest is the least likely to be in another request.
          entry.marks = marks.toSorted(([, one], [, other]) => other.length - one.length).map(keyOf);
          const [first] = entry.marks;
          if (first === undefined) return;
          const others = byMark.get(first);
          if (others === undefined) byMark.set(first, new Set([entry]));
          else others.add(entry);
        },
        wentOut: (localPort, written) => {
          leavePort(entry);
          entry.port = localPort;
          entry.written = written;
          byPort.set(localPort, entry);
        },
        end: () => {
          leavePort(entry);
          if (entry.marks.length === 0) return;
          ended.add(entry);
          if (ended.size <= endedKept) return;
          const [oldest] = ended;
          if (oldest === undefined) return;
          ended.delete(oldest);
          forget(oldest);
        },
      };
    },
    deliveryOf: ({ remotePort, headers }) => {
      const atPort = remotePort === null ? undefined : byPort.get(remotePort);
      if (atPort?.written != null && isSameHead(atPort.written(), headers)) return atPort.deliveryId;
      if (byMark.size === 0) return null;
      const arrived = new Set(headers.map(keyOf));
      let found: string | null = null;
      for (const key of arrived)
        for (const { deliveryId, marks } of byMark.get(key) ?? []) {
          if (deliveryId === found || !marks.every((mark) => arrived.has(mark))) continue;
          if (found !== null) return null;
          found = deliveryId;
        }
      return found;
    },
  };
}

function keyOf([name, value]: HeaderField): string {
  return `${name.toLowerCase()}:${value}`;
}

function isSameHead(sent: readonly HeaderField[], arrived: readonly HeaderField[]): boolean {
  return sent.length === arrived.length && sent.every((field, index) => keyOf(field) === keyOf(arrived[index] ?? ['', '']));
}
