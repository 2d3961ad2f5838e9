import type { HeaderField } from '../contract/common.ts';
import { reservedHeaders } from '../contract/header-fields.ts';
import { headerNameTest, headerValues } from './headers.ts';

/** Headers about one connection (RFC 9110, section 7.6.1) or for a proxy, and those that a sender writes itself. */
const ofConnection = [...reservedHeaders, 'proxy-connection', 'proxy-authorization', 'proxy-authenticate'];

const isOfConnection = headerNameTest(ofConnection);
const isUsual = headerNameTest(['host', 'content-length', 'connection', 'keep-alive']);

/** The headers of a received request that can be sent on, in their order, and the names of those that belonged to its connection, beside the few that every request has. */
export function headersToSendOn(headers: readonly HeaderField[]): {
  readonly headers: readonly HeaderField[];
  readonly leftOut: readonly string[];
} {
  const named = headerValues(headers, 'connection').flatMap((value) => value.split(',').map((name) => name.trim()));
  // Most requests name none but those of every connection.
  const others = named.filter((name) => !isOfConnection(name));
  const isLeftOut = others.length === 0 ? isOfConnection : headerNameTest([...ofConnection, ...others]);
  return {
    headers: headers.filter(([name]) => !isLeftOut(name)),
    leftOut: [...new Set(headers.map(([name]) => name).filter((name) => isLeftOut(name) && !isUsual(name)))],
  };
}
