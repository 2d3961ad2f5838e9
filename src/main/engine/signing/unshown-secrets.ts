import type { Verification } from '#shared/contract/verifying.ts';
import type { VerifyInput } from './scheme.ts';

/** Shorter secrets are only masked where they are the whole value, since other texts may hold them by chance. */
const wordLength = 6;

/** A verdict that does not repeat a secret, which a header may hold in place of a signature. */
export function withoutSecrets(verdict: Verification, { secrets, headers }: Pick<VerifyInput, 'secrets' | 'headers'>): Verification {
  const held = secrets.filter((secret) => headers.some(([, value]) => holds(value, secret)));
  if (held.length === 0) return verdict;
  // Messages quote values as JSON, and long ones only in part.
  const forms = held.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), secret.slice(0, 60)]);
  const hide = (text: string) => forms.reduce((shown, form) => hidden(shown, form), text);
  return {
    ...verdict,
    message: hide(verdict.message),
    checks: verdict.checks.map((check) => ({ ...check, message: hide(check.message) })),
    receivedSignatures: verdict.receivedSignatures.map(hide),
  };
}

function holds(value: string, secret: string): boolean {
  return secret.length < wordLength ? value.trim() === secret : value.includes(secret);
}

function hidden(text: string, secret: string): string {
  const mask = '[the secret]';
  if (text === secret) return mask;
  return secret.length < wordLength ? text.replaceAll(`"${secret}"`, `"${mask}"`) : text.replaceAll(secret, mask);
}
