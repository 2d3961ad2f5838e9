export type { FindingWords, Obstacle } from './verification/findings.ts';
