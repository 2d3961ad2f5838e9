import { Buffer } from 'node:buffer';
import { mib, run } from './act.ts';

/** Data with very many names. */
export const manyNames = () => Object.fromEntries(Array.from({ length: 500_000 }, (_, index) => [`k${index}`, 1]));

/** Data with one large text. */
export const largeText = () => ({ a: run('x', 15_000_000) });

/** A body of 15 MiB in base64. */
export const largeBase64 = () => Buffer.alloc(15 * mib, 'x').toString('base64');
