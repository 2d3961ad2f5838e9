import type { AuthPart } from '#shared/contract/auths.ts';
import type { PartDraft, SecretDraft } from './auth-draft.ts';

/** What the fields of a part are given. */
export interface PartFieldsProps {
  readonly part: PartDraft;
  /** As it is saved; null for a new one. */
  readonly saved: AuthPart | null;
  readonly secret: SecretDraft;
  /** What is wrong, by the field of the part. */
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (change: Partial<PartDraft>) => void;
  readonly onSecret: (change: SecretDraft) => void;
}
