import { inspect } from 'node:util';
import type { HeaderField } from '#shared/contract/common.ts';

/** A request to print in the way of some tool. */
export interface PrintedRequest {
  readonly url: string;
  readonly headers: readonly HeaderField[];
  readonly body: string;
}

const asObject = (headers: readonly HeaderField[]) => Object.fromEntries(headers);

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

function escaped(text: string, quote: string, special: Readonly<Record<string, string>>, control: (code: number) => string): string {
  const inner = [...text].map((sign) => {
    if (sign === quote || sign === '\\') return `\\${sign}`;
    const code = sign.codePointAt(0) ?? 0;
    return special[sign] ?? (code < 0x20 || (code >= 0x7f && code < 0xa0) ? control(code) : sign);
  });
  return `${quote}${inner.join('')}${quote}`;
}

const lines = { '\n': '\\n', '\r': '\\r', '\t': '\\t' } as const;

function python(text: string): string {
  return escaped(text, text.includes("'") && !text.includes('"') ? '"' : "'", lines, (code) => `\\x${hex(code, 2)}`);
}

function pythonBytes(text: string): string {
  const inner = [...Buffer.from(text)].map((byte) => {
    const sign = String.fromCharCode(byte);
    if (sign === "'" || sign === '\\') return `\\${sign}`;
    return lines[sign as keyof typeof lines] ?? (byte < 0x20 || byte > 0x7e ? `\\x${hex(byte, 2)}` : sign);
  });
  return `b'${inner.join('')}'`;
}

function ruby(text: string): string {
  return escaped(text, '"', lines, (code) => `\\u${hex(code, 4)}`).replace(/#(?=[{$@])/g, '\\#');
}

function php(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

function posix(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Firefox on Windows, where a quote within quotes is two of them. */
function cmd(text: string): string {
  const quoted = text.replace(/(\\*)(["%])/g, (_, before: string, sign: string) => before + before + (sign === '"' ? '""' : '"%"'));
  return `"${quoted.replace(/\\+$/, '$&$&')}"`;
}

function powershell(text: string): string {
  const inner = [...text].map((sign) => {
    if (['`', '"', '$'].includes(sign)) return `\`${sign}`;
    const special = { '\n': '`n', '\r': '`r', '\t': '`t' }[sign];
    if (special !== undefined) return special;
    return sign > '~' || sign < ' '
      ? sign
          .split('')
          .map((unit) => `$([char]${unit.charCodeAt(0)})`)
          .join('')
      : sign;
  });
  return `"${inner.join('')}"`;
}

const headerLines = (headers: readonly HeaderField[]) => headers.map(([name, value]) => `${name}: ${value}`);
const cgiName = (name: string) => (/^content-(?:type|length)$/i.test(name) ? name : `HTTP-${name}`).toUpperCase().replaceAll('-', '_');

/** Requests as tools print them; each is read back to the same headers and bytes. */
export const printers: Readonly<Record<string, (request: PrintedRequest) => string>> = {
  'Node, two objects of console.log': ({ headers, body }) =>
    `${inspect(asObject(headers), { breakLength: 80 })} ${inspect(body, { maxStringLength: null })}`,
  'Node, one object': ({ url, headers, body }) =>
    inspect({ method: 'POST', url, headers: asObject(headers), body }, { depth: null, maxStringLength: null }),
  'Node, an object without a prototype': ({ headers, body }) =>
    `${inspect(Object.assign(Object.create(null) as object, asObject(headers)))} ${JSON.stringify(body)}`,
  'Node, a class of headers': ({ headers, body }) =>
    `${inspect(new Headers(headers.map(([name, value]): [string, string] => [name, value])))}\n${inspect(body, { maxStringLength: null })}`,
  'Python, a dictionary and text': ({ headers, body }) =>
    `{${headers.map(([name, value]) => `${python(name)}: ${python(value)}`).join(', ')}}\n${python(body)}`,
  'Python, a dictionary and bytes': ({ headers, body }) =>
    `headers: {${headers.map(([name, value]) => `${python(name)}: ${python(value)}`).join(', ')}}\nbody: ${pythonBytes(body)}`,
  'Python, a list of pairs in a class': ({ headers, body }) =>
    `Headers([${headers.map(([name, value]) => `(${python(name)}, ${python(value)})`).join(', ')}])\n${pythonBytes(body)}`,
  'Ruby, a hash': ({ headers, body }) => `{${headers.map(([name, value]) => `${ruby(name)}=>${ruby(value)}`).join(', ')}}\n${ruby(body)}`,
  'Ruby, the hash of later versions': ({ headers, body }) =>
    `{${headers.map(([name, value]) => `${ruby(name)} => ${ruby(value)}`).join(', ')}}\n${ruby(body)}`,
  'PHP, var_export': ({ headers, body }) =>
    `array (\n${headers.map(([name, value]) => `  ${php(name)} => ${php(value)},`).join('\n')}\n)\n${php(body)}`,
  'PHP, print_r': ({ headers }) => `Array\n(\n${headers.map(([name, value]) => `    [${name}] => ${value}`).join('\n')}\n)\n`,
  'PHP, var_dump': ({ headers, body }) =>
    `array(${headers.length}) {\n${headers.map(([name, value]) => `  ["${name}"]=>\n  string(${Buffer.byteLength(value)}) "${value}"`).join('\n')}\n}\nstring(${Buffer.byteLength(body)}) "${body}"\n`,
  'Go, a header': ({ headers }) => `map[${headers.map(([name, value]) => `${name}:[${value}]`).join(' ')}]`,
  'Go, a header in the syntax of Go': ({ headers, body }) =>
    `http.Header{${headers.map(([name, value]) => `${JSON.stringify(name)}:[]string{${JSON.stringify(value)}}`).join(', ')}}\n${JSON.stringify(body)}`,
  'Java, a map of lists': ({ headers }) => `{${headers.map(([name, value]) => `${name}=[${value}]`).join(', ')}}`,
  'Java, a map': ({ headers }) => `{${headers.map(([name, value]) => `${name}=${value}`).join(', ')}}`,
  Spring: ({ headers }) => `[${headers.map(([name, value]) => `${name}:"${value}"`).join(', ')}]`,
  'Elixir, a list of tuples': ({ headers, body }) =>
    `[${headers.map(([name, value]) => `{${JSON.stringify(name)}, ${JSON.stringify(value)}}`).join(', ')}]\n${JSON.stringify(body)}`,
  'Rack, variables of the server': ({ headers, body }) =>
    `{"REQUEST_METHOD"=>"POST", "rack.version"=>[1, 3], ${headers.map(([name, value]) => `"${cgiName(name)}"=>${ruby(value)}`).join(', ')}}\n${ruby(body)}`,
  'variables of the server, one a line': ({ headers }) => headers.map(([name, value]) => `${cgiName(name)}=${value}`).join('\n'),
  'curl of Firefox on Windows': ({ url, headers, body }) =>
    `curl "${url}" --compressed -X POST ${headerLines(headers)
      .map((line) => `-H ${cmd(line)}`)
      .join(' ')} --data-raw ${cmd(body)}`,
  'curl with a here-document': ({ url, headers, body }) =>
    `$ curl ${url} ${headerLines(headers)
      .map((line) => `-H ${posix(line)}`)
      .join(' ')} --data-binary @- <<'END_OF_BODY'\n${body}\nEND_OF_BODY\n`,
  'curl with a variable': ({ url, headers, body }) =>
    `# the body\nBODY=${posix(body)}\n\ncurl "${url}" ${headerLines(headers)
      .map((line) => `-H ${posix(line)}`)
      .join(' ')} --data-raw "$BODY"`,
  wget: ({ url, headers, body }) =>
    `wget --method=POST ${headerLines(headers)
      .map((line) => `--header ${posix(line)}`)
      .join(' ')} --body-data=${posix(body)} ${posix(url)}`,
  HTTPie: ({ url, headers, body }) =>
    `http POST ${posix(url)} ${headers.map(([name, value]) => posix(`${name}:${value}`)).join(' ')} --raw ${posix(body)}`,
  PowerShell: ({ url, headers, body }) =>
    `$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\nInvoke-WebRequest -UseBasicParsing -Uri "${url}" \`\n-Method "POST" \`\n-WebSession $session \`\n-Headers @{\n${headers.map(([name, value]) => `  "${name}"=${powershell(value)}`).join('\n')}\n} \`\n-Body ([System.Text.Encoding]::UTF8.GetBytes(${powershell(body)}))`,
  'PowerShell of Postman': ({ url, headers, body }) =>
    `$headers = New-Object "System.Collections.Generic.Dictionary[[String],[String]]"\n${headers.map(([name, value]) => `$headers.Add("${name}", ${powershell(value)})`).join('\n')}\n\n$body = ${powershell(body)}\n\n$response = Invoke-RestMethod '${url}' -Method 'POST' -Headers $headers -Body $body\n$response | ConvertTo-Json`,
  fetch: ({ url, headers, body }) =>
    `await fetch(${JSON.stringify(url)}, ${JSON.stringify({ headers: asObject(headers), body, method: 'POST' }, null, 2)});`,
  'requests of Python': ({ url, headers, body }) =>
    `import requests\n\nurl = ${python(url)}\npayload = ${python(body)}\nheaders = {\n${headers.map(([name, value]) => `  ${python(name)}: ${python(value)}`).join(',\n')}\n}\n\nresponse = requests.request("POST", url, headers=headers, data=payload.encode('utf-8'))`.replace(
      "payload.encode('utf-8')",
      'payload',
    ),
  'a .http file': ({ url, headers, body }) =>
    `### one\nGET https://other.example/\n\n### two\n# a comment\nPOST ${url} HTTP/1.1\n${headerLines(headers).join('\n')}\n\n${body}\n\n###\n`,
  'curl -v': ({ headers, body }) =>
    `*   Trying 127.0.0.1:3000...\n> POST /h HTTP/1.1\n${headerLines(headers)
      .map((line) => `> ${line}`)
      .join('\n')}\n> Content-Length: ${Buffer.byteLength(body)}\n> \n${body}\n< HTTP/1.1 401 Unauthorized\n< Date: x\n`,
  'a mail that quotes it': ({ headers, body }) =>
    `On Friday somebody wrote:\n> POST /h HTTP/1.1\n${headerLines(headers)
      .map((line) => `> ${line}`)
      .join('\n')}\n>\n> ${body}`,
  'a log of docker': ({ headers, body }) =>
    [...headerLines(headers), `body: ${body}`].map((line) => `web-1  | 2026-11-28T08:31:12.114Z INFO  ${line}`).join('\n'),
  'a log of systemd': ({ headers, body }) =>
    [...headerLines(headers), `body: ${body}`].map((line) => `Nov 28 08:31:12 host app[123]: ${line}`).join('\n'),
  'a line of pino': ({ url, headers, body }) =>
    JSON.stringify({ level: 30, time: 1, req: { method: 'POST', url, headers: asObject(headers) }, body }),
  CloudWatch: ({ headers, body }) =>
    `2026-11-28T08:31:12.114Z\t0d5c1a3e-1111-2222-3333-444455556666\tINFO\t${JSON.stringify({ headers: asObject(headers), body })}`,
  'a log of lines of JSON': ({ headers, body }) =>
    `{"msg":"listening"}\n${JSON.stringify({ request: { headers: asObject(headers) }, body })}\n{"msg":"refused"}\n`,
  'webhook.site': ({ url, headers, body }) =>
    JSON.stringify({
      uuid: 'u',
      method: 'POST',
      url,
      content: body,
      headers: Object.fromEntries(headers.map(([name, value]) => [name, [value]])),
    }),
  Hookdeck: ({ headers, body }) => JSON.stringify({ id: 'evt_1', data: { path: '/h', headers: asObject(headers), body } }),
  'smee.io': ({ headers, body }) => JSON.stringify({ ...asObject(headers), body, query: {}, timestamp: 1 }),
  ngrok: ({ headers, body }) =>
    JSON.stringify({
      id: 'x',
      request: {
        method: 'POST',
        raw: Buffer.from(`POST /h HTTP/1.1\r\n${headerLines(headers).join('\r\n')}\r\n\r\n${body}`).toString('base64'),
      },
    }),
  'a Postman collection': ({ url, headers, body }) =>
    JSON.stringify({
      info: { name: 'c' },
      item: [
        {
          name: 'folder',
          item: [
            {
              name: 'x',
              request: {
                method: 'POST',
                header: headers.map(([key, value]) => ({ key, value })),
                body: { mode: 'raw', raw: body },
                url: { raw: url },
              },
            },
          ],
        },
      ],
    }),
  'the page of a delivery': ({ url, headers, body }) =>
    `Headers\nRequest URL: ${url}\nRequest method: POST\n${headerLines(headers).join('\n')}\n\nPayload\n${body}`,
  'a fence with headers and one with the body': ({ headers, body }) =>
    `It fails:\n\n\`\`\`\n${headerLines(headers).join('\n')}\n\`\`\`\n\nand the body\n\n\`\`\`json\n${body}\n\`\`\`\nThanks!`,
  'a list of Markdown': ({ headers, body }) =>
    `${headers.map(([name, value]) => `- \`${name}\`: \`${value}\``).join('\n')}\n\nBody:\n\n\`\`\`json\n${body}\n\`\`\`\n`,
  'words before it': ({ headers, body }) =>
    `hi team, the customer says this fails, see below\n${headerLines(headers).join('\n')}\n\n${body}`,
  'the panel of Chrome': ({ headers, body }) => `${headers.map(([name, value]) => `${name}:\n${value}`).join('\n')}\n\n${body}`,
  'the panel of Firefox': ({ headers, body }) => `${headers.map(([name, value]) => `${name}\n\t${value}`).join('\n')}\n\n${body}`,
};

/** Those that hold no body, and those whose body gets a line break behind it. */
export const withoutBody: readonly string[] = [
  'PHP, print_r',
  'Go, a header',
  'Java, a map of lists',
  'Java, a map',
  'Spring',
  'variables of the server, one a line',
];
export const withLineBreak: readonly string[] = ['curl with a here-document'];
