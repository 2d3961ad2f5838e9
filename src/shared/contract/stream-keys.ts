import { z } from 'zod';
import { base, pageOf, pageQuery } from './common.ts';

/** A key by which others follow the captures of a bin. */
export const streamKey = z.strictObject({
  id: z.string(),
  binId: z.string(),
  name: z.string(),
  /** The first 8 hex digits of the SHA-256 of the key. */
  fingerprint: z.string(),
  /** Connections that follow by it now. */
  followers: z.number().int(),
  creator: z.string(),
  createdAtMs: z.number().int(),
  /** When somebody began to follow last. */
  usedAtMs: z.number().int().nullable(),
  /** What a follower was told that it had missed, since this host started; null for nothing. */
  lastGap: z.strictObject({ atMs: z.number().int(), message: z.string() }).nullable(),
});
export type StreamKey = z.infer<typeof streamKey>;

/** A key just made, with where it is followed: this is the only time that it is told. */
export const newStreamKey = z.strictObject({
  ...streamKey.shape,
  /** Path on the port of a headless host (`hookyard serve`), with the key in it. */
  path: z.string(),
});

const id = z.strictObject({ id: z.string() });

export const streamKeys = {
  list: base
    .route({ method: 'GET', path: '/stream-keys', summary: 'List keys of streams, newest first, with how many follow by each' })
    .input(z.strictObject({ binId: z.string().optional(), ...pageQuery }))
    .output(pageOf(streamKey)),
  create: base
    .route({
      method: 'POST',
      path: '/stream-keys',
      successStatus: 201,
      summary: 'Make a stream URL of a bin, which smee-client and other Hookyards follow; its key is told this once',
    })
    .input(
      z.strictObject({
        binId: z.string().max(100),
        name: z.string().trim().max(200).default(''),
      }),
    )
    .output(newStreamKey),
  revoke: base
    .route({ method: 'DELETE', path: '/stream-keys/{id}', summary: 'Revoke a stream URL: who follows by it is cut off' })
    .input(id)
    .output(z.strictObject({ id: z.string(), followers: z.number().int() })),
};
