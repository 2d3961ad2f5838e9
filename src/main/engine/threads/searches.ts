import { task } from '../background/background.ts';
import { byName } from '../base/by-name.ts';
import { createSearchMemory } from '../bodies/body-looks.ts';
import { eventNames } from '../capture/event-names.ts';
import { captureExport } from '../capture/export.ts';
import { captureSearch } from '../capture/look.ts';
import { compareSearch } from '../comparing/compare.ts';
import { bytesOfTextSearch, bytesSearch, decodedSideSearch } from '../comparing/compared-bytes.ts';
import { offersSearch } from '../comparing/compared-offers.ts';
import { sentBodySearch } from '../comparing/sent-body.ts';
import { entriesSearch } from '../comparing/text-entries.ts';
import { arrivalsSearch, transitSearch } from '../comparing/transit.ts';
import { failedCountSearch, failureSearch } from '../deliveries/failure-groups.ts';
import { deliverySearch } from '../deliveries/look.ts';
import { decodedSearch } from '../store/bodies.ts';
import { differencesSearch } from '../relay/differences.ts';
import { openSearch } from '../log/open-deliveries.ts';
import { withoutDeliverySearch } from '../log/without-delivery.ts';
import { readerOf } from '../store/read-only.ts';
import { lookFor, type Search, type SearchOrder } from '../store/searcher.ts';
import { captureWaitSearch } from '../waits/capture-look.ts';

/** Every search that the thread knows. Each is defined where its rows are known. */
const searches: readonly Search<never, unknown>[] = [
  deliverySearch,
  failureSearch,
  failedCountSearch,
  captureSearch,
  openSearch,
  decodedSearch,
  withoutDeliverySearch,
  transitSearch,
  arrivalsSearch,
  sentBodySearch,
  compareSearch,
  bytesSearch,
  bytesOfTextSearch,
  decodedSideSearch,
  entriesSearch,
  offersSearch,
  differencesSearch,
  captureExport,
  eventNames,
  captureWaitSearch,
];

const searchOf = byName(searches, 'threads/searches.ts');

const memory = createSearchMemory();

/** Runs a search on a read-only connection. */
export const searchTask = task('search', (order: SearchOrder) => lookFor(searchOf(order.name), order, readerOf(order.file), memory));
