import { first } from './0001-first.ts';
import { attemptsWhenEnded } from './0002-attempts-when-ended.ts';
import { namedPolicies } from './0003-named-policies.ts';
import { health } from './0004-health.ts';
import { replays } from './0005-replays.ts';
import { retention } from './0006-retention.ts';
import { redirects } from './0007-redirects.ts';
import { tests } from './0009-tests.ts';
import { removedCaptures } from './0012-removed-captures.ts';
import { captureRoom } from './0013-capture-room.ts';
import { removedBins } from './0014-removed-bins.ts';
import { refusedRequests } from './0015-refused-requests.ts';
import { wholeBins } from './0016-whole-bins.ts';
import { removedWithBin } from './0017-removed-with-bin.ts';
import { captureMarks } from './0018-capture-marks.ts';
import { binsUpdated } from './0019-bins-updated.ts';
import { endpointConfig } from './0021-endpoint-config.ts';
import { profiles } from './0024-profiles.ts';
import { eventTypes } from './0026-event-types.ts';
import { auths } from './0027-auths.ts';
import { givenHeads } from './0028-given-heads.ts';
import { environments } from './0029-environments.ts';
import { relays } from './0032-relays.ts';
import { eventTypeContents } from './0033-event-type-contents.ts';
import { profileSummaries } from './0034-profile-summaries.ts';
import { sampleLengths } from './0035-sample-lengths.ts';
import { templateVersions } from './0036-template-versions.ts';
import { profileBases } from './0037-profile-bases.ts';
import { binAnswers } from './0038-bin-answers.ts';
import { wireFaults } from './0040-wire-faults.ts';
import { arrivals } from './0041-arrivals.ts';
import { streams } from './0042-streams.ts';
import { sources } from './0043-sources.ts';
import { markedCaptures } from './0044-marked-captures.ts';
import { targetAnswers } from './0045-target-answers.ts';
import { captureEvents } from './0047-capture-events.ts';
import { checks } from './0050-checks.ts';
import { agents } from './0054-agents.ts';
import { replayVerdicts } from './0055-replay-verdicts.ts';
import { testRows } from './0056-test-rows.ts';
import { endpointCopies } from './0057-endpoint-copies.ts';
import { checkCases } from './0058-check-cases.ts';

/** A step from one schema to the next. Steps only go forward and are never edited once released. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** All steps in order; the last one's version is the newest data file this program can read. */
export const migrations: readonly Migration[] = [
  first,
  attemptsWhenEnded,
  namedPolicies,
  health,
  replays,
  retention,
  redirects,
  tests,
  removedCaptures,
  captureRoom,
  removedBins,
  refusedRequests,
  wholeBins,
  removedWithBin,
  captureMarks,
  binsUpdated,
  endpointConfig,
  profiles,
  eventTypes,
  auths,
  givenHeads,
  environments,
  relays,
  eventTypeContents,
  profileSummaries,
  sampleLengths,
  templateVersions,
  profileBases,
  binAnswers,
  wireFaults,
  arrivals,
  streams,
  sources,
  markedCaptures,
  targetAnswers,
  captureEvents,
  checks,
  agents,
  replayVerdicts,
  testRows,
  endpointCopies,
  checkCases,
];
