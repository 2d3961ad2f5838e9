import { z } from 'zod';

/**
 * An object whose names come with the call, such as headers. A record of zod leaves out what is called `__proto__` without a word; here it
 * is refused, since a call of which a part is gone does something else than was asked for. `wayOut` ends the sentence.
 */
export function namedValues<Name extends z.core.$ZodRecordKey, Value extends z.ZodType>(
  name: Name,
  value: Value,
  wayOut = 'choose another',
) {
  const record = z.record(name, value);
  const refuseProto = (given: unknown, context: z.RefinementCtx): unknown => {
    if (typeof given === 'object' && given !== null && Object.hasOwn(given, '__proto__'))
      context.addIssue({ code: 'custom', path: ['__proto__'], message: `__proto__ cannot be a name here: ${wayOut}.` });
    return given;
  };
  return z.preprocess(refuseProto, record) as z.ZodType<z.output<typeof record>, z.input<typeof record>>;
}
