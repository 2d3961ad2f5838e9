const algorithm = /(?:md5|sha-?(?:1|224|256|384|512)|crc-?\d+[a-z]*|digest|hash|checksum)/.source;

/** A digest of a body by the words of its name, in either order. */
const calledDigest = new RegExp(
  `(?:^|-)(?:(?:body|content|payload|checksum)-(?:.+-)?${algorithm}|${algorithm}-(?:of-)?(?:body|content|payload)|checksum)$`,
);

/**
 * Whether a header, by its name in small letters, is a digest of the body: it follows from the bytes, so that two of one body are the same.
 * What is called an HMAC or a signature has a key, and `Want-Content-Digest` says what a server takes.
 */
export function isBodyDigest(name: string): boolean {
  const words = name.replaceAll('_', '-');
  return isPlainDigest(name) || (calledDigest.test(words) && !/hmac|signature|(?:^|-)(?:sig|want)(?:-|$)/.test(words));
}

/** Whether such a header is known to need no key; a sender may call so what it signs, as Sumsub does with `X-Payload-Digest`. */
export function isPlainDigest(name: string): boolean {
  return /^(?:content-md5|digest|content-digest|repr-digest|x-goog-hash|x-amz-checksum-(?:crc|sha|md5).*|x-amz-content-sha256)$/.test(name);
}

/** Whether two values of such a header are digests by the same algorithms, in any order, so that they can be held against each other. */
export function haveSameDigests(before: string, after: string): boolean {
  const [one, other] = [before, after].map(algorithmsIn);
  return one?.join() === other?.join();
}

/** Names before the values of a list, such as `sha-256=:...:`; nothing stands before the value of other headers. */
function algorithmsIn(value: string): readonly string[] {
  return value
    .split(',')
    .map((part) => /^\s*([\w-]+)=[^=]/.exec(part)?.[1]?.toLowerCase() ?? '')
    .toSorted();
}
