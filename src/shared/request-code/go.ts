import type { HeaderField } from '../contract/common.ts';
import type { CurlRequest } from '../curl-command.ts';
import { headerPieces, urlPieces } from '../masked-pieces.ts';
import { base64Text } from '../text/declared-body.ts';
import { utf8TextOrNull } from '../text/text-codec.ts';
import { binaryLiteral, headerBinary, piecesExpression, textLiteral } from './literals.ts';
import { hasHeader, headerValue } from '../text/headers.ts';
import { hasSecrets, headersWithout, urlParts, type RequestCode } from './parts.ts';

/** What Go takes from elsewhere in a request. */
const ownHeaders = ['host', 'content-length', 'transfer-encoding', 'trailer'];

const secretFunction = `
func secret(name, wanted string) string {
	value := os.Getenv(name)
	if value == "" {
		log.Fatalf("Set %s to %s.", name, wanted)
	}
	return value
}
`;

const failure = ['\tif err != nil {', '\t\tlog.Fatal(err)', '\t}'];

/** A program in Go and its own library: the body byte for byte, names of headers in their case. */
export function goCode(request: CurlRequest): RequestCode {
  const { method, url, headers, body } = request;
  const text = utf8TextOrNull(body);
  const host = headerValue(headers, 'host');
  const needsSecrets = hasSecrets(request);
  const imports = ['bytes', ...(text === null ? ['encoding/base64'] : []), 'fmt', 'io', 'log', 'net/http', ...(needsSecrets ? ['os'] : [])];
  const lines = [
    'package main',
    '',
    'import (',
    ...imports.map((name) => `\t"${name}"`),
    ')',
    ...(needsSecrets ? [secretFunction.trimEnd()] : []),
    '',
    'func main() {',
    ...(text === null
      ? [`\tbody, err := base64.StdEncoding.DecodeString("${base64Text(body)}")`, ...failure]
      : [`\tbody := []byte(${textLiteral(text, 'go')})`]),
    `\trequest, err := http.NewRequest("${method}", ${piecesExpression(urlPieces(url), (part) => textLiteral(part, 'go'))}, bytes.NewReader(body))`,
    ...failure,
    ...(host !== null && host !== urlParts(url).host ? [`\trequest.Host = ${textLiteral(host, 'go')}`] : []),
    ...headerLines(headersWithout(headers, ownHeaders), request.masked),
    '\tclient := &http.Client{',
    '\t\tTransport: &http.Transport{DisableCompression: true},',
    '\t\tCheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },',
    '\t}',
    '\tresponse, err := client.Do(request)',
    ...failure,
    '\tdefer response.Body.Close()',
    '\tanswer, err := io.ReadAll(response.Body)',
    ...failure,
    '\tfmt.Println(response.Status)',
    '\tfmt.Println(string(answer))',
    '}',
  ];
  return { text: `${lines.join('\n')}\n`, notes: ['Go sends the headers in alphabetical order.'] };
}

/** Assigned by name, since the methods of a header change the case of names. An empty user agent keeps Go from sending its own. */
function headerLines(headers: readonly HeaderField[], masked: CurlRequest['masked']): readonly string[] {
  const hasAgent = hasHeader(headers, 'user-agent');
  const named = headers.map((field): HeaderField => (field[0].toLowerCase() === 'user-agent' ? ['User-Agent', field[1]] : field));
  const all: readonly HeaderField[] = hasAgent ? named : [...named, ['User-Agent', '']];
  return [...Map.groupBy(all, ([name]) => name)].map(([name, fields]) => {
    const values = fields.map((field) => piecesExpression(headerPieces(field, masked), (value) => binaryLiteral(headerBinary(value))));
    return `\trequest.Header[${binaryLiteral(name)}] = []string{${values.join(', ')}}`;
  });
}
