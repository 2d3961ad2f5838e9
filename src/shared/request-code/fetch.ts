import type { HeaderField } from '../contract/common.ts';
import type { CurlRequest } from '../curl-command.ts';
import { headerPieces, urlPieces } from '../masked-pieces.ts';
import { base64Text } from '../text/declared-body.ts';
import { utf8TextOrNull } from '../text/text-codec.ts';
import { binaryLiteral, headerBinary, piecesExpression, textLiteral } from './literals.ts';
import { headerValue } from '../text/headers.ts';
import { hasSecrets, headersWithout, type RequestCode } from './parts.ts';

/** What `fetch` writes itself, or refuses to be given. */
const ownHeaders = ['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'upgrade', 'expect', 'te', 'trailer'];

const secretFunction = `function secret(name, wanted) {
  const value = process.env[name];
  if (!value) throw new Error(\`Set \${name} to \${wanted}.\`);
  return value;
}

`;

/** A script for Node that makes the request by \`fetch\`: the body byte for byte, the headers in order beside those that it adds. */
export function fetchCode(request: CurlRequest): RequestCode {
  const { method, url, headers, body } = request;
  const given = headersWithout(headers, ownHeaders);
  const text = utf8TextOrNull(body);
  const isBodyless = method === 'GET' || method === 'HEAD';
  // Text given as text would get a content type where the request has none.
  const bytes =
    text === null
      ? `Uint8Array.from(atob("${base64Text(body)}"), (character) => character.charCodeAt(0))`
      : `new TextEncoder().encode(${textLiteral(text, 'javascript')})`;
  const fields = given.map(
    (field) => `    [${binaryLiteral(field[0])}, ${piecesExpression(headerPieces(field, request.masked), quoteHeader)}],`,
  );
  const joined = repeatedNames(given);
  const lines = [
    ...(joined === '' ? [] : [`// fetch sends headers of the same name as one, with commas between the values: ${joined}.`]),
    `const response = await fetch(${piecesExpression(urlPieces(url), (part) => textLiteral(part, 'javascript'))}, {`,
    `  method: "${method}",`,
    ...(fields.length === 0 ? [] : ['  headers: [', ...fields, '  ],']),
    ...(body.byteLength === 0 || isBodyless ? [] : [`  body: ${bytes},`]),
    '  redirect: "manual",',
    '});',
    'console.log(response.status, await response.text());',
  ];
  const host = headerValue(headers, 'host');
  return {
    text: `${hasSecrets(request) ? secretFunction : ''}${lines.join('\n')}\n`,
    notes: [
      'fetch adds headers of its own, such as accept and accept-encoding, where the request has none.',
      ...(joined === '' ? [] : [`fetch sends headers of the same name as one, with commas between the values: ${joined}.`]),
      ...(isBodyless && body.byteLength > 0 ? [`fetch sends no body with ${method}, so the body is left out.`] : []),
      ...(host !== null && !url.includes(`//${host}`)
        ? [`fetch cannot send another host than that of the URL, so ${host} is left out.`]
        : []),
    ],
  };
}

/** The names of headers that occur more than once; a name is a token, so that it cannot end a comment. */
function repeatedNames(headers: readonly HeaderField[]): string {
  const names = headers.map(([name]) => name.toLowerCase());
  return [...new Set(names.filter((name, index) => names.indexOf(name) < index))].join(', ');
}

function quoteHeader(value: string): string {
  return binaryLiteral(headerBinary(value));
}
