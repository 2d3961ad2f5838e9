import type { CheckCase } from '#shared/contract/checks.ts';
import type { AnyCase } from './case.ts';
import { answeringCases, genuineCases } from './families/answering.ts';
import { dataCases } from './families/data.ts';
import { encodingCases } from './families/encoding.ts';
import { identityCases } from './families/identity.ts';
import { rotationCases } from './families/rotation.ts';
import { signatureCases } from './families/signature.ts';
import { timeCases } from './families/time.ts';
import { transportCases } from './families/transport.ts';
import { variantCases } from './families/variants.ts';

/** All cases in the order in which they are run: what could bring a receiver down comes last. */
export const catalogue: readonly AnyCase[] = [
  ...genuineCases,
  ...signatureCases,
  ...timeCases,
  ...rotationCases,
  ...encodingCases,
  ...identityCases,
  ...transportCases,
  ...variantCases,
  ...dataCases,
  ...answeringCases,
];

/** A case without the function that makes its requests. */
export function describedCase({ id, family, level, title, expects, why }: AnyCase): CheckCase {
  return { id, family, level, title, expects, why };
}
