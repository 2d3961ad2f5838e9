import type { ProofSchemeId } from '#shared/contract/proof-signing.ts';
import { discord, sendgrid, standardWebhooksV1a } from './public-key-schemes.ts';
import type { Scheme } from './scheme.ts';

/** Schemes with key pairs, and those that sign more than headers and body. */
export const proofSchemes: Readonly<Record<ProofSchemeId, Scheme>> = {
  'standard-webhooks-v1a': standardWebhooksV1a,
  discord,
  sendgrid,
};
