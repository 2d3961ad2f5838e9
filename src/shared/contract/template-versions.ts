import { z } from 'zod';
import { queryNumber } from './common.ts';

/**
 * How a template came about: `kept` is what was there when its versions began to be kept, `profile` was taken over from a profile.
 */
export const templateVersionCause = z.enum(['created', 'edited', 'restored', 'profile', 'kept']);
export type TemplateVersionCause = z.infer<typeof templateVersionCause>;

const head = {
  /** Counted up for each endpoint or profile, from 1. */
  number: z.number().int(),
  isCurrent: z.boolean(),
  cause: templateVersionCause,
  /** The version that a restored one was taken from; it may have gone since. */
  restoredFrom: z.number().int().nullable(),
  /** Who made it and through which door, such as `alice (window)`; null for a `kept` one. */
  madeBy: z.string().nullable(),
  /** Of a `kept` one, the time of the last change of any kind before versions were kept. */
  madeAtMs: z.number().int(),
  /** Null for the default envelope. */
  characters: z.number().int().nullable(),
};

/** A version of a body template, without its text. */
export const templateVersion = z.strictObject(head);
export type TemplateVersion = z.infer<typeof templateVersion>;

/** A version with its text; null for the default envelope. */
export const wholeTemplateVersion = z.strictObject({ ...head, template: z.string().nullable() });
export type WholeTemplateVersion = z.infer<typeof wholeTemplateVersion>;

/** The newest versions, newest first: at most 50, with at most 4 million characters in all. */
export const templateVersions = z.strictObject({ items: z.array(templateVersion) });

/** A version of something. */
export const templateVersionId = z.strictObject({ id: z.string().max(100), number: queryNumber(z.number().int().min(1)) });
