import { chooseRequest, parsePasted } from '#shared/import/parse-pasted.ts';
import type { Pasted, PastedKind, PasteInput } from '#shared/import/pasted.ts';
import { decodeDeclaredBody, type BodyEncoding, type DecodedBody } from '#shared/text/declared-body.ts';

/** What a worker is asked to do with something large. */
export type PasteOrder =
  | { readonly order: 'read'; readonly source: PasteInput; readonly kind: PastedKind | null }
  | { readonly order: 'choose'; readonly pasted: Pasted; readonly index: number }
  | { readonly order: 'decode'; readonly text: string; readonly encoding: BodyEncoding };

/** A thread that does one order. */
export interface PasteWorker {
  /** Resolves to what {@link doPasteOrder} returns; rejects when the thread cannot be started or breaks. */
  readonly done: (order: PasteOrder) => Promise<unknown>;
  readonly end: () => void;
}

/** Reads what people paste and drop: small texts at once, large ones in a worker, so that the page goes on. */
export interface PasteReader {
  /** Rejects with the reason of the signal once that aborts. */
  readonly read: (source: PasteInput, kind: PastedKind | null, signal?: AbortSignal) => Promise<Pasted>;
  /** The reading with another of its requests. */
  readonly choose: (pasted: Pasted, index: number, signal?: AbortSignal) => Promise<Pasted>;
  /** The bytes of a body that was pasted as text, base64 or hex. */
  readonly decode: (text: string, encoding: BodyEncoding, signal?: AbortSignal) => Promise<DecodedBody>;
}

/** A text of this length is read within 50 ms, whatever form it looks like; most are read within 5. */
export const readAtOnce = 32_768;

/** What `start` gives is used for one order and then ended. */
export function createPasteReader(start: () => PasteWorker): PasteReader {
  const inWorker = async (order: PasteOrder, signal: AbortSignal | undefined): Promise<unknown> => {
    signal?.throwIfAborted();
    const worker = start();
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([worker.done(order), aborted.promise]);
    } finally {
      signal?.removeEventListener('abort', abort);
      worker.end();
    }
  };
  const take = async (order: PasteOrder, size: number, signal: AbortSignal | undefined): Promise<unknown> =>
    size <= readAtOnce ? doPasteOrder(order) : await inWorker(order, signal);
  return {
    read: async (source, kind, signal) => {
      const size = source.bytes?.length ?? source.text?.length ?? 0;
      return (await take({ order: 'read', source, kind }, size, signal)) as Pasted;
    },
    choose: async (pasted, index, signal) => {
      const size = pasted.choices?.[index]?.body?.length ?? 0;
      return (await take({ order: 'choose', pasted, index }, size, signal)) as Pasted;
    },
    decode: async (text, encoding, signal) => (await take({ order: 'decode', text, encoding }, text.length, signal)) as DecodedBody,
  };
}

/** Does an order, wherever that is. Linear in the size of what it is given. */
export function doPasteOrder(order: PasteOrder): Pasted | DecodedBody {
  switch (order.order) {
    case 'read':
      return parsePasted(order.source, order.kind);
    case 'choose':
      return chooseRequest(order.pasted, order.index);
    case 'decode':
      return decodeDeclaredBody(order.text, order.encoding);
  }
}
