/** Something that takes requests and passes each on to a target. */
export interface RelayContestant {
  /** Where the load goes. */
  readonly url: string;
  /** Settles once all the requests of a round, which the target has got, are recorded as done. */
  readonly recorded: () => Promise<void>;
  /** Makes ready for the next round, which does not count. */
  readonly rest: () => Promise<void>;
  readonly stop: () => Promise<void>;
}
