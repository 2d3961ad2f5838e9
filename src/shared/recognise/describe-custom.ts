import { isSameHeader } from '../text/headers.ts';
import type { CustomField, CustomOptions } from '../contract/signing.ts';

/** A custom scheme in one line: `X-Signature: t=<timestamp>,v1=<hex of HMAC-SHA256 over {timestamp}.{body}>`. */
export function describeCustom(options: CustomOptions): string {
  const { fields } = options;
  return fields.length === 0
    ? describeHeader(options)
    : fields
        .map(
          (field) =>
            `${namedField(field)}: ${field.value.replace('{signature}', `<${describeValue(options)}>`).replace(/\{(\w+)\}/g, '<$1>')}`,
        )
        .join('; ');
}

function namedField({ place, name }: CustomField): string {
  return place === 'header' ? name : `${place} ${name}`;
}

function describeValue({ encoding, algorithm, signedContent }: CustomOptions): string {
  if (encoding === 'jwt') return `JWT signed with ${jwtAlgorithm(algorithm)}`;
  return `${encoding} of HMAC-${algorithm.toUpperCase()} over ${signedContent}`;
}

function jwtAlgorithm(algorithm: CustomOptions['algorithm']): string {
  return algorithm.startsWith('sha') ? `HS${algorithm.slice('sha'.length)}` : algorithm.toUpperCase();
}

function describeHeader(options: CustomOptions): string {
  const { header, prefix, algorithm, encoding, separator, timestampHeader, timestampPrefix, digestClaim } = options;
  if (encoding === 'jwt') {
    const claim = digestClaim === null ? '' : ` with the SHA-256 of the body in ${digestClaim}`;
    return `${header}: ${prefix}<JWT signed with ${jwtAlgorithm(algorithm)}${claim}>`;
  }
  const isTimeInside = timestampHeader !== null && isSameHeader(timestampHeader, header);
  const time = isTimeInside ? `${timestampPrefix}<timestamp>${separator ?? ','}` : '';
  return `${header}: ${time}${prefix}<${describeValue(options)}>`;
}
