import type { RefusalReason } from '#shared/contract/refused-requests.ts';

/** What to change at the sender, by why its request was refused. */
const advices: Readonly<Record<RefusalReason, string>> = {
  'no-bin': 'Copy the URL of a bin from Hookyard, or make a bin with the slug that was asked for.',
  'no-path': 'Copy the URL of a bin from Hookyard and send the request there, with any path after it.',
  'dot-path': 'Send the URL of the bin as it is: the path is taken as it came, and .. leads nowhere.',
  proxy: 'This is not a proxy. Send the request itself to the URL of a bin.',
  'no-room': 'Delete captures, or raise the limits on their size in the settings.',
  'over-capture-limit': 'Send less, or raise the limit on the size of captures in the settings: it holds for all of them together.',
  'path-space': 'Percent-encode the space as %20.',
  'path-not-ascii': 'Percent-encode the path: each byte that is not ASCII as % and its two hex digits.',
  'path-control': 'Percent-encode the character, or take it out of the path.',
  'path-form': 'Begin the path with a slash, or send a whole URL.',
  method: 'Use a method such as POST, in capitals.',
  version: 'Write "HTTP/1.1" at the end of the request line, after one space.',
  'lf-only': 'End each line of the head, and the empty line after it, with CR LF (\\r\\n).',
  'cr-only': 'End each line of the head with CR LF (\\r\\n), and keep CR out of values.',
  'folded-header': 'Write each header on one line: HTTP no longer lets a value continue on the next line.',
  'header-name': 'Write each header as "Name: value", with letters, digits and hyphens in its name and no space before the colon.',
  'header-value': 'Take control characters out of the value, or encode it, such as in base64.',
  'length-and-chunked': 'Send one of the two: Content-Length when the size of the body is known, or else Transfer-Encoding: chunked.',
  'two-lengths': 'Send Content-Length once.',
  'content-length': 'Give the size of the body in bytes, in digits only.',
  'transfer-encoding': 'Send "Transfer-Encoding: chunked" once, or Content-Length in its place; compression goes into Content-Encoding.',
  'head-too-large': 'Send fewer or shorter headers; data belongs into the body.',
  'head-too-slow': 'Send the headers in one go, with an empty line after them.',
  'heads-no-room': 'Send the headers in one go, with an empty line after them, and fewer such requests at once.',
  'too-many-connections': 'Close connections that are not needed any more, or send several requests on one, and send this one again.',
  'not-allowed': 'If it is a sender of yours, add its address to the allowed senders in the settings; otherwise there is nothing to do.',
  'nothing-sent':
    'Send the request once the connection is open. Browsers and load balancers open spare connections: then nothing is wrong.',
  'cut-head': 'Send an empty line after the headers, and keep the connection open until the answer has come.',
  http2: 'Turn prior knowledge of HTTP/2 (h2c) off at the sender, so that it begins with HTTP/1.1.',
  tls: 'Use http:// and not https:// in the URL, or the port for HTTPS, which the settings turn on.',
  'not-tls': 'Use https:// and not http:// in the URL, or the port for plain HTTP.',
  'tls-handshake':
    'Let the sender trust the local authority of Hookyard, which the settings and "hookyard ca export" give out, and use a host name below localhost or 127.0.0.1.',
  'tls-fault': 'The host name asks for this fault: leave its first label out to get a valid certificate.',
  'proxy-protocol': 'Turn the PROXY protocol off at the load balancer or tunnel.',
  'extra-bytes': 'Check that Content-Length counts the bytes of the body, not its characters, and that nothing is sent after it.',
  'not-http': 'Check that the sender speaks HTTP/1.1, and that this port is the right one.',
};

/** One or two sentences on what to change at the sender. */
export function adviceFor(reason: RefusalReason): string {
  return advices[reason];
}
