import { leftOutWords, type LeftOutFailures } from '#shared/failure-words.ts';

/** What failed, was found, and is in no failure group, in a sentence each, with how it is listed. */
export function leftOutSentences(found: LeftOutFailures, { isTest }: { readonly isTest: boolean | undefined }): readonly string[] {
  const hints = {
    tests: '--test shows tests.',
    cancelled: `hookyard deliveries list --status cancelled${isTest === true ? ' --test' : ''} lists cancelled ones.`,
  };
  return leftOutWords(found).map(({ kind, sentence }) => `${sentence}: ${hints[kind]}`);
}
