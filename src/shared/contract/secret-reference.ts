import { z } from 'zod';

/** Where a secret is: `env:NAME`, `file:PATH`, or `vault:ENVIRONMENT/VARIABLE` for a secret variable of the workspace. */
export const secretReferenceForm = /^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:.+|vault:[^/]+\/[A-Za-z_][A-Za-z0-9_]*)$/;

/** A secret as an entry has it once it is read: where it is, never what it is. */
export interface SecretReference {
  readonly $secret: string;
}

/** A secret of the file. Never its text: what is written beside the code gets into the repository. */
export const secretReference = z
  .string()
  .max(4096)
  .regex(
    secretReferenceForm,
    'Say where the secret is, and do not write it here: env:NAME, file:PATH, or vault:ENVIRONMENT/VARIABLE for a secret variable of an environment.',
  )
  .transform((reference): SecretReference => ({ $secret: reference }));
