import { task } from '../../background/background.ts';
import { readDocuments, type GivenFile, type ReadDocuments, type ReadProgress } from './read-documents.ts';

/** Reads the documents of an import. */
export const readDocumentsTask = task<readonly GivenFile[], ReadDocuments, ReadProgress>('readDocuments', readDocuments);
