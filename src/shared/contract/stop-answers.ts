import { z } from 'zod';
import { headerName, headerValue } from './header-fields.ts';
import { successRulePattern } from './success-rule.ts';

/**
 * An answer after which no further attempt is made, or the endpoint is disabled: by its status, by one of its headers, or by
 * both together.
 */
export const stopAnswer = z
  .strictObject({
    /** Such as `406` or `400-499`; null for any status. */
    statuses: z
      .string()
      .max(500)
      .regex(successRulePattern, 'Use statuses and ranges with commas between, such as 406 or 400-499.')
      .nullable()
      .default(null),
    /** Name of a header that the answer has; null for none. */
    header: headerName.nullable().default(null),
    /** The value of that header, in any letter case; null for any value. */
    value: headerValue.nullable().default(null),
    /** `end`: the failed delivery is exhausted. `disable`: the endpoint is disabled, and its deliveries wait. */
    action: z.enum(['end', 'disable']),
  })
  .superRefine(({ statuses, header, value }, context) => {
    const complain = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (statuses === null && header === null) complain('statuses', 'Give statuses, such as 406, or the name of a header.');
    if (header === null && value !== null) complain('header', 'Give the name of the header that has this value.');
  });
export type StopAnswer = z.infer<typeof stopAnswer>;

export const stopAnswers = z.array(stopAnswer).max(20, 'Use at most 20 of these answers.');
