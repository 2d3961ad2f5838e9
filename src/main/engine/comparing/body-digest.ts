/**
 * Whether a header, by its name in small letters, is a digest of the body without a key: it follows from the bytes, so that two of one body are the same. Others that are
 * called a digest may be signatures.
 */
export function isBodyDigest(name: string): boolean {
  return /^(?:content-md5|digest|content-digest|repr-digest|x-goog-hash|x-amz-checksum-.+|x-amz-content-sha256)$/.test(name);
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
