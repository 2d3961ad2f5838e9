import type { CheckCase } from '#shared/contract/checks.ts';
import type { Case } from './case.ts';
import { answeringCases, genuineCases } from './families/answering.ts';
import { dataCases } from './families/data.ts';
import { encodingCases } from './families/encoding.ts';
import { identityCases } from './families/identity.ts';
import { rotationCases } from './families/rotation.ts';
import { signatureCases } from './families/signature.ts';
import { timeCases } from './families/time.ts';
import { transportCases } from './families/transport.ts';

/** All cases in the order in which they are run: what could bring a receiver down comes last. */
export const catalogue: readonly Case[] = [
  ...genuineCases,
  ...signatureCases,
  ...timeCases,
  ...rotationCases,
  ...encodingCases,
  ...identityCases,
  ...transportCases,
  ...dataCases,
  ...answeringCases,
];

/** A case without the function that makes its requests. */
export function describedCase({ id, family, level, title, expects, why }: Case): CheckCase {
  return { id, family, level, title, expects, why };
}
