import { z } from 'zod';
import { removedAtMs } from './bins.ts';
import { decodedBody, foundIn, searchRemarks } from './bodies.ts';
import { base, givenBytes, headerFields, pageOf, pageQuery, answerHeaderFields, warnings } from './common.ts';
import { answeredBy } from './bin-answers.ts';
import { plainUrl } from './target-url.ts';
import { eventName } from './events.ts';
import { messageAnswer } from './message-answer.ts';
import { captureFields, captureFilter } from './capture-filter.ts';
import { captureMany } from './capture-many.ts';
import { captureMarks } from './capture-marks.ts';
import { captureSave } from './capture-save.ts';
import { replay, replayPreview } from './replays.ts';
import { retryPolicyChoice } from './retry-choice.ts';
import { secretText, signing } from './signing.ts';
import { verification } from './verifying.ts';
import { tlsFault } from './tls-fault.ts';
import { deferrableText } from './deferred-text.ts';
import { wireEnd, wireFault, wireFaultKinds } from './wire-fault.ts';

/** One row of the captures. */
export const captureSummary = z.strictObject({
  id: z.string(),
  binId: z.string(),
  method: z.string(),
  /** Request target as received: path and query. */
  target: z.string(),
  contentType: z.string().nullable(),
  bodyBytes: z.number().int(),
  /** True when the connection ended before the whole body came, or the body went over the limit. */
  isBodyTruncated: z.boolean(),
  status: z.number().int(),
  verdict: z.enum(['valid', 'invalid', 'unsigned', 'unchecked']).nullable(),
  remoteAddress: z.string(),
  receivedAtMs: z.number().int(),
  /**
   * The first capture of the same bin with the same valid signature, such as that of a replayed request; null when this is the first, and
   * where nothing was signed. It may have been removed since.
   */
  seenBeforeId: z.string().nullable(),
  /** What answered it and why; null for the plain response of its bin, and for one that did not come whole. */
  answeredBy: answeredBy.nullable(),
  /** The id that its sender gave the event, in a header or the body, where a provider is known to do so; null without one. */
  messageId: z.string().nullable(),
  /** The first capture of the same bin with that id; null when this is the first. It may have been removed since. */
  sameMessageAsId: z.string().nullable(),
  ...captureMarks,
});
export type CaptureSummary = z.infer<typeof captureSummary>;

/** How a request came in. */
export const captureArrival = z.strictObject({
  /** Whether its path or its host named the bin. */
  by: z.enum(['path', 'host']),
  /** The URL as the sender called it, with which it was verified, and what that was read from: the request, what a proxy says, or the bin. */
  url: z.string(),
  urlFrom: z.enum(['request', 'proxy', 'public-url']),
  /** Null over plain HTTP. */
  tls: z
    .strictObject({
      /** Such as `TLSv1.3`. */
      protocol: z.string(),
      cipher: z.string(),
      /** The host name of the handshake; null without one, as for an address. */
      serverName: z.string().nullable(),
      fault: tlsFault.nullable(),
    })
    .nullable(),
});
export type CaptureArrival = z.infer<typeof captureArrival>;

/** An inbound request, byte for byte. */
export const capture = z.strictObject({
  ...captureSummary.shape,
  httpVersion: z.string(),
  headers: answerHeaderFields,
  bodyBase64: deferrableText,
  trailers: answerHeaderFields,
  response: z.strictObject({
    status: z.number().int(),
    headers: headerFields,
    bodyBytes: z.number().int(),
    delayMs: z.number().int(),
    /** The fault that the answer was given with; null for none. */
    fault: wireFault.nullable(),
    /** What was sent of an answer with a fault; null without one, and until it is over. */
    sent: wireEnd.nullable(),
  }),
  verification: verification.nullable(),
  /**
   * From the first byte of the request to the last byte of its body, and to the end of the answer; null while that is not out, and for a
   * sender that closed the connection before, which may not have read it.
   */
  timings: z.strictObject({ bodyMs: z.number(), totalMs: z.number().nullable() }),
  arrival: captureArrival,
  /** The attempt of ours that made this request, when there is one. */
  deliveryId: z.string().nullable(),
  /** The source that brought it, and what the channel did to its body; null for one that was sent to the bin's URL. */
  source: z
    .strictObject({
      sourceId: z.string(),
      kind: z.enum(['smee', 'hookyard']),
      body: z.enum(['exact', 'same-length', 'rewritten']),
      /** In a sentence. */
      message: z.string(),
    })
    .nullable(),
});
export type Capture = z.infer<typeof capture>;

const id = z.strictObject({ id: z.string() });

/** For an endpoint: whether the headers of its authentication take the place of captured ones of the same names. */
const withAuth = z.boolean().default(false);

/** Which captured requests are sent on, and where to. */
const manyFields = {
  filter: captureFilter.default({}),
  /** An endpoint, whose retries and limits then apply ... */
  endpointId: z.string().optional(),
  /** ... or any URL. */
  url: plainUrl.optional(),
  as: z.enum(['received', 'resigned']).default('received'),
  withAuth,
  /** For a URL: the authentication whose headers are sent. */
  authId: z.string().max(100).optional(),
  /** For a URL: the scheme to sign with; without it the one that the bin of the filter verifies with. */
  signing: signing.optional(),
  secret: secretText.optional(),
  verifyTls: z.boolean().default(true),
  /** For a URL; by default each is tried once. */
  retryPolicy: retryPolicyChoice.optional(),
};

export const captures = {
  ...captureMany,
  ...captureSave,
  list: base
    .route({ method: 'GET', path: '/captures', summary: 'List captures, newest first' })
    .input(z.strictObject({ ...captureFields, ...pageQuery }))
    .output(
      pageOf(
        z.strictObject({
          ...captureSummary.shape,
          eventType: z.string().nullable(),
          /** The fault that its answer was given with; null for none, and where the connection could not have it. */
          fault: z.enum(wireFaultKinds).nullable(),
          foundIn: foundIn.optional(),
        }),
      ).extend({ ...searchRemarks, warnings }),
    ),
  get: base.route({ method: 'GET', path: '/captures/{id}', summary: 'Read a capture' }).input(id).output(capture),
  mark: base
    .route({ method: 'PATCH', path: '/captures/{id}', summary: 'Pin a capture, or give it a note and tags' })
    .input(
      z.strictObject({
        id: z.string(),
        isPinned: captureMarks.isPinned.optional(),
        note: captureMarks.note.optional(),
        tags: captureMarks.tags.optional(),
      }),
    )
    .output(captureSummary),
  decoded: base
    .route({
      method: 'GET',
      path: '/captures/{id}/decoded',
      summary: 'Read the body of a capture unpacked and as text, up to 4 MiB; signatures are verified over the body as received',
    })
    .input(id)
    .output(decodedBody),
  replay: base
    .route({
      method: 'POST',
      path: '/captures/{id}/replay',
      successStatus: 202,
      summary: 'Send a captured request on to an endpoint or a URL: as it was received, or with a new signature',
    })
    .input(
      z.strictObject({
        id: z.string(),
        /** An endpoint, whose retries and limits then apply ... */
        endpointId: z.string().optional(),
        /** ... or any URL, once. */
        url: plainUrl.optional(),
        /** `received` keeps every header and the signature; `resigned` signs with a new timestamp. */
        as: z.enum(['received', 'resigned']).default('received'),
        withAuth,
        /** For a URL: the authentication whose headers are sent. */
        authId: z.string().max(100).optional(),
        /** For a URL: the scheme to sign with; without it the one that the bin verifies with. */
        signing: signing.optional(),
        secret: secretText.optional(),
        /** Another body, as text or in base64. */
        body: z.string().optional(),
        bodyBase64: givenBytes.optional(),
        /** The event type that the log shows; by default what the request itself says. */
        type: eventName.optional(),
        /** For a URL. */
        verifyTls: z.boolean().default(true),
        /** For a URL; by default it is tried once. */
        retryPolicy: retryPolicyChoice.optional(),
      }),
    )
    .output(messageAnswer),
  replayMany: base
    .route({
      method: 'POST',
      path: '/captures/replay',
      successStatus: 202,
      summary: 'Send many captured requests on to an endpoint or a URL, oldest first, at a rate; it is followed as a replay',
    })
    .input(z.strictObject({ ...manyFields, ratePerSecond: z.number().min(0.1).max(10_000).nullable().default(10) }))
    .output(replay),
  previewReplay: base
    .route({ method: 'POST', path: '/captures/replay/preview', summary: 'Count what a replay of captures would send, without sending it' })
    .input(z.strictObject(manyFields))
    .output(replayPreview),
  remove: base
    .route({
      method: 'DELETE',
      path: '/captures/{id}',
      summary: 'Delete a capture; it can be restored for 10 minutes, or until new captures need the space',
    })
    .input(id)
    .output(z.strictObject({ id: z.string(), removedAtMs })),
  clear: base
    .route({
      method: 'DELETE',
      path: '/captures',
      summary: 'Delete all captures of a bin; they can be restored for 10 minutes, or until new captures need the space',
    })
    .input(z.strictObject({ binId: z.string() }))
    .output(z.strictObject({ removedCaptures: z.number().int(), removedAtMs })),
  restore: base
    .route({
      method: 'POST',
      path: '/captures/restore',
      summary: 'Restore a deleted capture, or those cleared from a bin at that time',
    })
    .input(z.union([id, z.strictObject({ binId: z.string(), removedAtMs })]))
    .output(z.strictObject({ restoredCaptures: z.number().int() })),
};
