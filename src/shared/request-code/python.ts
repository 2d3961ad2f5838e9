import type { CurlRequest } from '../curl-command.ts';
import { headerPieces, urlPieces } from '../masked-pieces.ts';
import { base64Text } from '../text/declared-body.ts';
import { utf8TextOrNull } from '../text/text-codec.ts';
import { binaryLiteral, headerBinary, piecesExpression, textLiteral } from './literals.ts';
import { hasHeader, headerValue } from '../text/headers.ts';
import { hasSecrets, urlParts, type RequestCode } from './parts.ts';

const secretFunction = `
def secret(name, wanted):
    if not os.environ.get(name):
        raise SystemExit(f"Set {name} to {wanted}.")
    return os.environ[name]

`;

/** A script for Python 3 and its own library: method, path, headers in order and case, and the body, all byte for byte. */
export function pythonCode(request: CurlRequest): RequestCode {
  const { method, url, headers, body } = request;
  const { isSecure, host, target } = urlParts(url);
  const text = utf8TextOrNull(body);
  const isChunked = headerValue(headers, 'transfer-encoding')?.toLowerCase() === 'chunked';
  const hasLength = isChunked || hasHeader(headers, 'content-length');
  const needsSecrets = hasSecrets(request);
  const hasBody = body.byteLength > 0;
  const imports = [...(hasBody && text === null ? ['base64'] : []), 'http.client', ...(needsSecrets ? ['os'] : [])];
  const bytes = text === null ? `base64.b64decode("${base64Text(body)}")` : `${textLiteral(text, 'python')}.encode()`;
  const header = (name: string, value: string) => `connection.putheader(${binaryLiteral(name)}, ${value})`;
  const lines = [
    ...imports.map((name) => `import ${name}`),
    ...(needsSecrets ? [secretFunction] : ['']),
    ...(hasBody ? [`body = ${bytes}`] : []),
    `connection = http.client.${isSecure ? 'HTTPSConnection' : 'HTTPConnection'}(${textLiteral(host, 'python')})`,
    `connection.putrequest("${method}", ${piecesExpression(urlPieces(target), (part) => textLiteral(part, 'python'))}, skip_host=True, skip_accept_encoding=True)`,
    ...(hasHeader(headers, 'host') ? [] : [header('Host', textLiteral(host, 'python'))]),
    ...headers.map((field) =>
      header(
        field[0],
        piecesExpression(headerPieces(field, request.masked), (value) => binaryLiteral(headerBinary(value))),
      ),
    ),
    ...(hasBody && !hasLength ? [header('Content-Length', 'str(len(body))')] : []),
    `connection.endheaders(${hasBody ? `body${isChunked ? ', encode_chunked=True' : ''}` : ''})`,
    'response = connection.getresponse()',
    'print(response.status, response.reason)',
    'print(response.read().decode(errors="replace"))',
  ];
  return { text: `${lines.join('\n')}\n`, notes: [] };
}
