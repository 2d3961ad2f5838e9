/** What failed, was found, and is in no failure group, in a sentence each, with how it is listed. */
export function leftOutSentences(
  { testsLeftOut, cancelledLeftOut }: { readonly testsLeftOut: number; readonly cancelledLeftOut: number },
  { isTest }: { readonly isTest: boolean | undefined },
): readonly string[] {
  const flag = isTest === true ? ' --test' : '';
  return [
    ...(testsLeftOut === 0
      ? []
      : [`${testsLeftOut === 1 ? '1 failed test is' : `${testsLeftOut} failed tests are`} left out: --test shows tests.`]),
    ...(cancelledLeftOut === 0
      ? []
      : [
          `${cancelledLeftOut === 1 ? '1 delivery that failed and was then cancelled is' : `${cancelledLeftOut} deliveries that failed and were then cancelled are`} left out: hookyard deliveries list --status cancelled${flag} lists cancelled ones.`,
        ]),
  ];
}
