/** A body or a header that is made to keep its reader busy; `bytes` is about how large. */
export interface HostileText {
  readonly name: string;
  readonly make: (bytes: number) => string;
}

const run = (text: string, bytes: number) => text.repeat(Math.ceil(bytes / text.length));
const many = <T>(bytes: number, bytesOfOne: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: Math.floor(bytes / bytesOfOne) }, (_, index) => make(index));

/** Bodies that nobody sends but to hold a receiver up. */
export const hostileBodies: readonly HostileText[] = [
  { name: 'lists in lists', make: (bytes) => run('[', bytes / 2) + run(']', bytes / 2) },
  { name: 'lists that are never closed', make: (bytes) => run('[', bytes) },
  { name: 'objects in objects', make: (bytes) => `${run('{"a":', bytes)}1${'}'.repeat(Math.ceil(bytes / 5))}` },
  { name: 'very many names', make: (bytes) => `{${many(bytes, 12, (index) => `"k${index}":1`).join()}}` },
  { name: 'very many numbers', make: (bytes) => `[${run('1,', bytes)}1]` },
  { name: 'one long text', make: (bytes) => `{"a":"${run('x', bytes)}"}` },
  { name: 'one text of escapes', make: (bytes) => `{"a":"${run('\\u0041', bytes)}"}` },
  { name: 'a text that is never closed', make: (bytes) => `{"a":"${run('\\"', bytes)}` },
  { name: 'a form of very many fields', make: (bytes) => many(bytes, 10, (index) => `k${index}=v`).join('&') },
  { name: 'a form of one name', make: (bytes) => run('a=b&', bytes) },
  { name: 'a form of percent signs', make: (bytes) => `a=${run('%', bytes)}` },
  { name: 'characters beyond ASCII', make: (bytes) => run('é', bytes) },
  { name: 'slashes', make: (bytes) => run('\\/', bytes) },
  { name: 'blanks', make: (bytes) => run(' ', bytes) },
  { name: 'lines', make: (bytes) => run('\r\n', bytes) },
  {
    name: 'very many items with a signature each',
    make: (bytes) =>
      JSON.stringify({
        notificationItems: many(bytes, 130, () => ({ NotificationRequestItem: { additionalData: { hmacSignature: 'A'.repeat(43) } } })),
      }),
  },
];

/** Values of the headers in which a scheme looks for its signature, made from the one that it would send. */
export const hostileHeaderValues: readonly { readonly name: string; readonly make: (value: string, characters: number) => string }[] = [
  { name: 'the value again and again', make: run },
  { name: 'the value again and again, as a list', make: (value, characters) => run(`${value},`, characters) },
  { name: 'the value again and again, with blanks', make: (value, characters) => run(`${value} `, characters) },
  { name: 'the value again and again, with semicolons', make: (value, characters) => run(`${value};`, characters) },
  ...['=', ',', ';', ' ', '"', '\\', '.', 'a', '0', ':', '/', '+', '-', 'v1,', 't=1,'].map((bait) => ({
    name: `a run of ${JSON.stringify(bait)}`,
    make: (value: string, characters: number) => `${value}${run(bait, characters)}!`,
  })),
];
