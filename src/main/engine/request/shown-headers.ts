import type { HeaderField } from '#shared/contract/common.ts';
import { isSameHeader } from '#shared/text/headers.ts';
import { maskSecretHeaders } from '../endpoints/config.ts';
import type { AuthenticatedTarget } from './authenticator.ts';
import type { BuiltRequest } from './build-request.ts';
import { maskUrlSecrets } from './url-secrets.ts';

/**
 * Header fields of a request fit to keep and show: without the values of secret headers and tokens, and with placeholders for what secret
 * variables brought in.
 */
export function shownHeaders(
  fields: readonly HeaderField[],
  target: Pick<AuthenticatedTarget, 'secretHeaders' | 'secrets' | 'urlSecrets'>,
  { hiddenFields }: Pick<BuiltRequest, 'hiddenFields'>,
): readonly HeaderField[] {
  const { urlSecrets } = target;
  const masked = maskSecretHeaders(fields, target);
  if (hiddenFields.length === 0 && urlSecrets.length === 0) return masked;
  return masked.map(([name, value]): HeaderField => {
    const hidden = hiddenFields.find((each) => each.value === value && isSameHeader(each.name, name));
    // The host of the URL is in a header too.
    return [name, hidden?.shown ?? maskUrlSecrets(value, urlSecrets)];
  });
}
