/** What the two sides are called in sentences: `sent` and `arrived`, or `first` and `second`. */
export interface SideWords {
  readonly before: string;
  readonly after: string;
  /** Both are one request, so that what is other was changed. */
  readonly isSameRequest: boolean;
}

/** Words for two requests or two answers, of which none was made of the other. */
export const firstAndSecond: SideWords = { before: 'first', after: 'second', isSameRequest: false };

/** What stands on both sides: of one request what it became, of two what each of them has. */
export function asPair({ before, after, isSameRequest }: SideWords, one: string, other: string): string {
  return isSameRequest ? `${one} became ${other}` : `${one} in the ${before}, ${other} in the ${after}`;
}
