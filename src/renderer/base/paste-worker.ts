import { doPasteOrder, type PasteOrder } from './paste-reader.ts';

/** The global object of a worker; the types of this room are those of a page. */
const here = globalThis as unknown as {
  readonly addEventListener: (kind: 'message', listener: (event: { readonly data: PasteOrder }) => void) => void;
  readonly postMessage: (message: unknown) => void;
};

here.addEventListener('message', ({ data }) => here.postMessage(doPasteOrder(data)));
