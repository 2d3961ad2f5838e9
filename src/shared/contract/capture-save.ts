import { z } from 'zod';
import { base } from './common.ts';
import { signing } from './signing.ts';
import { testFile, testFramework } from './test-files.ts';

/** What a capture is saved as beside what belongs to another area: `eventTypes.propose`, `profiles.propose`, `bins.answerWith`. */
export const captureSave = {
  testFile: base
    .route({
      method: 'POST',
      path: '/captures/{id}/test-file',
      summary: 'Write a test that sends a captured request to a receiver of your own, and save nothing',
      description:
        'Body and headers are those of the capture, without headers about one connection. Where the scheme signs with a shared secret, the test signs at each run with the secret in an environment variable; elsewhere the file says what is sent instead. Neither secrets nor credentials in headers are written into it.',
    })
    .input(
      z.strictObject({
        id: z.string(),
        framework: testFramework,
        /** The status that the test expects. */
        status: z.number().int().min(100).max(599).default(200),
        /** How the request is signed; without it as its bin verifies, or else as it looks signed. */
        signing: signing.optional(),
      }),
    )
    .output(testFile),
};
