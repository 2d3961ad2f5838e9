import type { Readable } from 'node:stream';

/** The incoming body as Node gives it; `complete` as soon as its end was read. */
export type BodySource = Readable & { readonly complete: boolean };
