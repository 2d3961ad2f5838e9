import { z } from 'zod';
import { base, ifUpdatedAtMs, pageOf, pageQuery, timeMs } from './common.ts';
import { binAnswers, binAnswersInput } from './bin-answers.ts';
import { binResponse, responseFields } from './bin-response.ts';
import { secretText, signing } from './signing.ts';

const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'Use lower-case letters, digits and hyphens for the slug, starting with a letter or digit.');

/** A URL that stands for a bin, written as senders have it. */
const publicUrl = z
  .string()
  .max(2000)
  .regex(
    /^https?:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:\/[\x21-\x7e]*)?$/,
    'Write the whole URL as senders have it, such as https://example.trycloudflare.com/orders.',
  )
  .regex(/^[^?#]*$/, 'Leave out what begins with ? or #: the query is that of each request.');

export const bin = z.strictObject({
  id: z.string(),
  name: z.string(),
  slug: z.string(),
  /** Where it receives, with its trailing slash left off; any path may follow. */
  url: z.string(),
  /** The same by a host name of its own; null while the listener does not listen. */
  hostUrl: z.string().nullable(),
  /** Both over HTTPS; null while that is off. */
  httpsUrl: z.string().nullable(),
  httpsHostUrl: z.string().nullable(),
  /** Where other machines on the allow-list reach it; empty while captures are open to this machine only. */
  openUrls: z.array(z.string()),
  /** The URL that senders use where it is another, such as that of a tunnel; schemes that sign the URL are verified with it. */
  publicUrl: publicUrl.nullable(),
  /** Whether `Forwarded` and `X-Forwarded-Proto` and `-Host` say by which URL it was called; `publicUrl` comes first. */
  trustsProxy: z.boolean(),
  response: binResponse,
  answers: binAnswers,
  /** The scheme that captures are verified by, or null. */
  signing: signing.nullable(),
  secretFingerprints: z.array(z.string()),
  captureCount: z.number().int(),
  lastCaptureAtMs: z.number().int().nullable(),
  createdAtMs: z.number().int(),
  /** When its fields were changed last. */
  updatedAtMs: z.number().int(),
});
export type Bin = z.infer<typeof bin>;

const binFields = {
  publicUrl: publicUrl.nullable(),
  trustsProxy: z.boolean(),
  name: z.string().trim().min(1, 'Give the bin a name.').max(200),
  slug,
  signing: signing.nullable(),
  secrets: z.array(secretText).max(10),
};

/** The fields of a new bin. */
export const binInput = z.strictObject({
  name: binFields.name,
  slug: binFields.slug.optional(),
  response: binResponse.prefault({}),
  answers: binAnswersInput.prefault({}),
  signing: binFields.signing.default(null),
  secrets: binFields.secrets.default([]),
  publicUrl: binFields.publicUrl.default(null),
  trustsProxy: binFields.trustsProxy.default(false),
});

const id = z.strictObject({ id: z.string() });

/** When something was deleted, by which it is restored. */
export const removedAtMs = timeMs;

export const bins = {
  list: base.route({ method: 'GET', path: '/bins', summary: 'List bins' }).input(z.strictObject(pageQuery)).output(pageOf(bin)),
  get: base.route({ method: 'GET', path: '/bins/{id}', summary: 'Read a bin' }).input(id).output(bin),
  create: base.route({ method: 'POST', path: '/bins', successStatus: 201, summary: 'Create a bin' }).input(binInput).output(bin),
  update: base
    .route({ method: 'PATCH', path: '/bins/{id}', summary: 'Change a bin; secrets replace its current ones' })
    .input(
      z.strictObject({
        id: z.string(),
        ifUpdatedAtMs,
        name: binFields.name.optional(),
        slug: binFields.slug.optional(),
        // Without the defaults, which would reset what a change leaves out.
        response: z.strictObject(responseFields).partial().optional(),
        answers: binAnswersInput.optional(),
        signing: binFields.signing.optional(),
        secrets: binFields.secrets.optional(),
        publicUrl: binFields.publicUrl.optional(),
        trustsProxy: binFields.trustsProxy.optional(),
      }),
    )
    .output(bin),
  answerWith: base
    .route({
      method: 'POST',
      path: '/bins/{id}/answer-with',
      summary: 'Answer with the body and content type of a captured request; status and all else of the answer stay',
      description: 'The body is sent as it was captured, once unpacked: nothing in it is rendered as a template.',
    })
    .input(
      z.strictObject({
        id: z.string(),
        captureId: z.string(),
        /** The rule whose answer it is; by default the bin's own. */
        ruleId: z.string().max(100).optional(),
        ifUpdatedAtMs,
      }),
    )
    .output(bin),
  remove: base
    .route({
      method: 'DELETE',
      path: '/bins/{id}',
      summary: 'Delete a bin and its captures; they can be restored for 10 minutes, or until new captures need the space',
    })
    .input(id)
    .output(z.strictObject({ id: z.string(), removedCaptures: z.number().int(), removedAtMs })),
  restore: base
    .route({ method: 'POST', path: '/bins/{id}/restore', summary: 'Restore a deleted bin with the captures deleted with it' })
    .input(id)
    // Those that a clean-up removed meanwhile, to make room for new ones.
    .output(bin.extend({ missingCaptures: z.number().int() })),
};
