import { z } from 'zod';

/** Any JSON value. */
export const json = z.json();
export type Json = z.infer<typeof json>;
