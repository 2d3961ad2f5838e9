import type { HeaderField } from '#shared/contract/common.ts';

/** A body with the headers that it came with. */
export interface ComparedBody {
  /** Null where it is not known. */
  readonly bytes: Uint8Array | null;
  /** Why it is not, as a clause that follows `The first body`; by default that it is not kept any more. */
  readonly why?: string;
  /** Its true size; null where it is not known. */
  readonly size: number | null;
  readonly headers: readonly HeaderField[];
  /** Only its beginning was received. */
  readonly isCut: boolean;
  /** Why the bytes are not sure to be those that were sent, while what they hold is; a clause that follows `The first body`. */
  readonly rebuilt?: string;
}
