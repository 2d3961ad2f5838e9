export type { KeyOr, KeyReport, Proof as ProofRecipe, ProofLibrary } from './verification/proof.ts';
export { emptyReading, findHeaders, headerText, lacking, malformed, type Candidate, type Reading } from './verification/reading.ts';
export { verifyBy as verifyByProof } from './verification/verify-by.ts';
