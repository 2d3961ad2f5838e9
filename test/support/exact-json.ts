import fc from 'fast-check';

/** The source of any JSON number, with exponents, trailing zeros and more digits than JavaScript keeps. */
export const jsonNumber = fc.oneof(
  fc.constantFrom('9007199254740993', '1.10', '1e3', '-0', '0.1e-7', '12345678901234567890', '1e400', '1E+2', '0.30000000000000004'),
  fc.stringMatching(/^-?(?:0|[1-9][0-9]{0,24})(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,3})?$/),
);

const name = fc.constantFrom('a', 'b', '10', '2', '__proto__', 'constructor', 'é"\\', '');

/** JSON text without space between its tokens, with any numbers, repeated names, and names that JavaScript puts in another order. */
export const exactJsonText: fc.Arbitrary<string> = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    jsonNumber,
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
    fc.constantFrom('true', 'false', 'null'),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(name, tie('value')), { maxLength: 5 })
    .map((entries) => `{${entries.map(([each, value]) => `${JSON.stringify(each)}:${value}`).join(',')}}`),
})).object;

/** Numbers and objects of which JavaScript would not keep all, the same at every run, as one JSON object. */
export function exactSample(seed: number, size: number): string {
  const numbers = fc.sample(jsonNumber, { seed, numRuns: size });
  const objects = fc.sample(exactJsonText, { seed, numRuns: size });
  return `{"id":9007199254740993,"10":1.10,"2":1e3,"id":12345678901234567890,"numbers":[${numbers.join(',')}],"objects":[${objects.join(',')}]}`;
}
