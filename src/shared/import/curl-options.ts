/** What an option of curl does to the request; `ignored` ones change nothing of its bytes, `value_ignored` ones take an argument too. */
export type CurlUse =
  | 'method'
  | 'header'
  | 'data'
  | 'data_raw'
  | 'data_urlencode'
  | 'json'
  | 'url'
  | 'user'
  | 'user_agent'
  | 'referer'
  | 'cookie'
  | 'bearer'
  | 'get'
  | 'head'
  | 'unreadable'
  | 'ignored'
  | 'value_ignored';

const valueIgnored = [
  'output',
  'max-time',
  'connect-timeout',
  'cacert',
  'capath',
  'cert',
  'cert-type',
  'key',
  'key-type',
  'pass',
  'proxy',
  'proxy-user',
  'noproxy',
  'resolve',
  'connect-to',
  'retry',
  'retry-delay',
  'retry-max-time',
  'interface',
  'write-out',
  'cookie-jar',
  'limit-rate',
  'ciphers',
  'tls-max',
  'dump-header',
  'max-redirs',
  'stderr',
  'trace',
  'trace-ascii',
  'speed-limit',
  'speed-time',
  'unix-socket',
  'dns-servers',
  'keepalive-time',
  'pinnedpubkey',
  'expect100-timeout',
] as const;

const ignored = [
  'silent',
  'show-error',
  'location',
  'location-trusted',
  'insecure',
  'include',
  'verbose',
  'fail',
  'fail-with-body',
  'globoff',
  'ipv4',
  'ipv6',
  'remote-name',
  'no-buffer',
  'progress-bar',
  'compressed',
  'http1.0',
  'http1.1',
  'http2',
  'http2-prior-knowledge',
  'http3',
  'tlsv1',
  'tlsv1.2',
  'tlsv1.3',
  'tr-encoding',
  'path-as-is',
  'disable',
  'no-progress-meter',
  'no-keepalive',
  'raw',
  'ssl-reqd',
  'tcp-nodelay',
  'next',
  'basic',
  'remote-header-name',
  'junk-session-cookies',
] as const;

const uses: Readonly<Record<string, CurlUse>> = {
  request: 'method',
  header: 'header',
  data: 'data',
  'data-ascii': 'data',
  'data-binary': 'data',
  'data-raw': 'data_raw',
  'data-urlencode': 'data_urlencode',
  json: 'json',
  url: 'url',
  user: 'user',
  'user-agent': 'user_agent',
  referer: 'referer',
  cookie: 'cookie',
  'oauth2-bearer': 'bearer',
  get: 'get',
  head: 'head',
  form: 'unreadable',
  'form-string': 'unreadable',
  'upload-file': 'unreadable',
  config: 'unreadable',
  'aws-sigv4': 'unreadable',
  'url-query': 'unreadable',
  ...Object.fromEntries(valueIgnored.map((name) => [name, 'value_ignored' as const])),
  ...Object.fromEntries(ignored.map((name) => [name, 'ignored' as const])),
};

const longNames: Readonly<Record<string, string>> = {
  X: 'request',
  H: 'header',
  d: 'data',
  u: 'user',
  A: 'user-agent',
  e: 'referer',
  b: 'cookie',
  G: 'get',
  I: 'head',
  F: 'form',
  T: 'upload-file',
  K: 'config',
  o: 'output',
  m: 'max-time',
  E: 'cert',
  x: 'proxy',
  U: 'proxy-user',
  w: 'write-out',
  c: 'cookie-jar',
  D: 'dump-header',
  y: 'speed-time',
  Y: 'speed-limit',
  s: 'silent',
  S: 'show-error',
  L: 'location',
  k: 'insecure',
  i: 'include',
  v: 'verbose',
  f: 'fail',
  g: 'globoff',
  4: 'ipv4',
  6: 'ipv6',
  O: 'remote-name',
  N: 'no-buffer',
  '#': 'progress-bar',
  0: 'http1.0',
  1: 'tlsv1',
  q: 'disable',
  J: 'remote-header-name',
  j: 'junk-session-cookies',
  ':': 'next',
};

/** One option as it stands in the command; `value` is null where it takes none. */
export interface CurlOption {
  readonly name: string;
  readonly use: CurlUse | 'unknown';
  readonly value: string | null;
}

/** The options of a command in their order; words that belong to none are URLs. A value is missing where the command ends too early. */
export function readCurlOptions(words: readonly string[]): readonly CurlOption[] {
  const options: CurlOption[] = [];
  let onlyUrls = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (onlyUrls || !/^-./s.test(word)) options.push({ name: 'url', use: 'url', value: word });
    else if (word === '--') onlyUrls = true;
    else if (word.startsWith('--')) {
      const use = uses[word.slice(2)] ?? 'unknown';
      options.push({ name: word, use, value: takesValue(use) ? (words[(at += 1)] ?? '') : null });
    } else at = readShort(word, words, at, options);
  }
  return options;
}

function takesValue(use: CurlUse | 'unknown'): boolean {
  return !['get', 'head', 'ignored', 'unknown'].includes(use);
}

/** Short options may stand together, and the value of the last may follow at once: `-sSLd'{}'`. */
function readShort(word: string, words: readonly string[], at: number, options: CurlOption[]): number {
  for (let letter = 1; letter < word.length; letter += 1) {
    const long = longNames[word[letter] ?? ''];
    const use = (long === undefined ? undefined : uses[long]) ?? 'unknown';
    const name = `-${word[letter] ?? ''}`;
    if (!takesValue(use)) options.push({ name, use, value: null });
    else {
      const rest = word.slice(letter + 1);
      options.push({ name, use, value: rest === '' ? (words[at + 1] ?? '') : rest });
      return rest === '' ? at + 1 : at;
    }
  }
  return at;
}
