import { z } from 'zod';
import { headerFields } from './common.ts';
import { methods } from './endpoints.ts';
import { reservedHeaders } from './header-fields.ts';

/** Methods that a given request may have: those of endpoints, and two that only travel. */
export const givenMethods = [...methods, 'HEAD', 'OPTIONS'] as const;

const tokenPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const valuePattern = /^[\t\x20-\x7e\x80-\xff]*$/;
const limits = { fields: 1000, characters: 262_144 };

/**
 * Method and headers of a request as they are to go out, in place of those that the endpoint's fields make: in this order and case, and a
 * name as often as it stands here.
 */
export const givenHead = z.strictObject({
  method: z.enum(givenMethods).default('POST'),
  headers: headerFields.superRefine((fields, context) => {
    const complain = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (fields.length > limits.fields) return complain([], `Use at most ${limits.fields} header fields.`);
    if (fields.reduce((sum, [name, value]) => sum + name.length + value.length, 0) > limits.characters)
      return complain([], `Use at most ${limits.characters} characters in all header fields.`);
    for (const [index, [name, value]] of fields.entries()) {
      if (!tokenPattern.test(name)) complain([index], 'A header name has letters, digits and hyphens only.');
      else if ((reservedHeaders as readonly string[]).includes(name.toLowerCase()))
        complain([index], `Remove ${name}: Hookyard writes this header itself from the request.`);
      if (!valuePattern.test(value)) complain([index], 'A header value must be one line of Latin-1 text.');
    }
  }),
  /** Whether the endpoint signs the request; its signature takes the place of the given headers of the same names. */
  isSigned: z.boolean().default(false),
  /** Whether headers of the endpoint's authentication, such as an access token, take the place of the given ones of the same names. */
  isAuthenticated: z.boolean().default(false),
});
export type GivenHeadInput = z.input<typeof givenHead>;
