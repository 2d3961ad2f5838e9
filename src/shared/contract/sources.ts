import { z } from 'zod';
import { base, ifUpdatedAtMs, pageOf, pageQuery } from './common.ts';
import { plainUrl } from './target-url.ts';

/** What a source is: a channel of smee.io or of a server that speaks as it does, or a stream of another Hookyard. */
const sourceKind = z.enum(['smee', 'hookyard']);
export type SourceKind = z.infer<typeof sourceKind>;

/** A time in which something was or may have been missed. */
export const sourceGap = z.strictObject({
  /** From when on; null where that is not known. */
  fromMs: z.number().int().nullable(),
  toMs: z.number().int(),
  message: z.string(),
});
export type SourceGap = z.infer<typeof sourceGap>;

/** A channel elsewhere whose requests a bin captures, with how that goes. */
export const source = z.strictObject({
  id: z.string(),
  binId: z.string(),
  kind: sourceKind,
  name: z.string(),
  /** The channel of smee as it is, since senders need it too; of a stream URL the key is left out. */
  url: z.string(),
  verifyTls: z.boolean(),
  isActive: z.boolean(),
  /** `waiting` until the next try, `refused` where the other side does not let it in, `paused` where somebody paused it. */
  state: z.enum(['connecting', 'connected', 'waiting', 'refused', 'paused']),
  /** How it goes, in a sentence. */
  message: z.string(),
  /** When it is tried again; null unless it waits. */
  nextTryAtMs: z.number().int().nullable(),
  connectedAtMs: z.number().int().nullable(),
  /** Requests that it brought. */
  captured: z.number().int(),
  lastEventAtMs: z.number().int().nullable(),
  /** The newest 20, oldest first. */
  gaps: z.array(sourceGap),
  gapCount: z.number().int(),
  creator: z.string(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
});
export type Source = z.infer<typeof source>;

const id = z.strictObject({ id: z.string() });

export const sources = {
  list: base
    .route({ method: 'GET', path: '/sources', summary: 'List sources of bins, newest first, with how they do' })
    .input(z.strictObject({ binId: z.string().optional(), ...pageQuery }))
    .output(pageOf(source)),
  get: base.route({ method: 'GET', path: '/sources/{id}', summary: 'Read a source' }).input(id).output(source),
  create: base
    .route({
      method: 'POST',
      path: '/sources',
      successStatus: 201,
      summary: 'Let a bin capture what comes to a smee channel, or to a bin of another Hookyard',
    })
    .input(
      z.strictObject({
        binId: z.string().max(100),
        /** A channel such as https://smee.io/AbC, a stream URL of another Hookyard, or, with `token`, the address of one. */
        url: plainUrl,
        /** By default what the URL looks like. */
        kind: sourceKind.optional(),
        /** Of another Hookyard, where `url` is its address: a stream URL is made there with it, and the token is not kept. */
        token: z.string().min(1).max(1000).optional(),
        /** With `token`: the id, slug or name of the bin there. */
        remoteBin: z.string().min(1).max(200).optional(),
        name: z.string().trim().max(200).default(''),
        verifyTls: z.boolean().default(true),
        /** Of a stream: `start` takes what is kept there too. */
        from: z.enum(['now', 'start']).default('now'),
        isActive: z.boolean().default(true),
      }),
    )
    .output(source),
  open: base
    .route({
      method: 'POST',
      path: '/sources/open',
      summary: 'Follow a URL for a bin: by the source that the bin has for it, which goes on where it was, or by a new one',
    })
    .input(z.strictObject({ binId: z.string().max(100), url: plainUrl, verifyTls: z.boolean().default(true) }))
    .output(
      z.strictObject({
        ...source.shape,
        isNew: z.boolean(),
        /** Whether it was followed before this call. */
        wasActive: z.boolean(),
      }),
    ),
  update: base
    .route({ method: 'PATCH', path: '/sources/{id}', summary: 'Rename a source, or pause it with {"isActive": false}' })
    .input(
      z.strictObject({
        id: z.string(),
        ifUpdatedAtMs,
        name: z.string().trim().max(200).optional(),
        isActive: z.boolean().optional(),
        verifyTls: z.boolean().optional(),
      }),
    )
    .output(source),
  remove: base
    .route({ method: 'DELETE', path: '/sources/{id}', summary: 'Remove a source; what it brought stays captured' })
    .input(id)
    .output(z.strictObject({ id: z.string() })),
};
