import {
  type Deps,
  FILTER_ARGUMENTS,
  KeyPage,
  loadReadingScript,
  type PackedKeys,
  scanPages,
} from '@atf/core';
import { type Candidate, candidateOf, OTHER_FIELDS, type RawTask, VALUE_BYTES } from './candidate.js';

const FIND_CANDIDATES = loadReadingScript(import.meta.url, './find-candidates.lua');

/** Keys of any name that one page scans at full pace. Blocks other clients for about 2 ms. */
const PAGE = 250;

/** A page of keys under `task:`, and the candidates among them. */
export interface CandidatePage {
  keys: KeyPage;
  /** The candidates by their index in the page. */
  candidates: ReadonlyMap<number, Candidate>;
}

type Reply = [keys: PackedKeys, length: number, candidates: CandidateReply[]];
type CandidateReply = [
  number: number,
  fingerprint: Buffer,
  hasLiveWorker: 0 | 1,
  ...values: (Buffer | null)[] | [[type: Buffer]],
];

/**
 * Walks all task keys. The script drops tasks that are clearly sound, and the task rules judge the others. A key may come twice, as
 * with SCAN. Cost: one call for some hundreds of keys of the database, and one HMGET of a dozen small fields for each task.
 * `content` and `result` are never read.
 */
export async function* findCandidates(
  deps: Pick<Deps, 'target' | 'signal' | 'pace' | 'scanned'>,
): AsyncGenerator<CandidatePage> {
  const args = [String(VALUE_BYTES), ...FILTER_ARGUMENTS, ...OTHER_FIELDS];
  const pages = scanPages<Reply>(deps.target.client, FIND_CANDIDATES, { ...deps, count: PAGE, args });
  for await (const [keys, length, replies] of pages) {
    if (length > 0) yield pageOf(new KeyPage(keys, length), replies);
  }
}

function pageOf(keys: KeyPage, replies: readonly CandidateReply[]): CandidatePage {
  const candidates = new Map<number, Candidate>();
  for (const reply of replies) {
    const index = reply[0] - 1;
    const rawTask = rawTaskOf(reply);
    // A copy, because a part of the page would keep the whole page in memory.
    const candidate = candidateOf(Buffer.from(keys.at(index)), rawTask);
    if (candidate) candidates.set(index, candidate);
  }
  return { keys, candidates };
}

function rawTaskOf([, fingerprint, hasLiveWorker, first, ...rest]: CandidateReply): RawTask {
  if (Array.isArray(first)) return { fingerprint, hasLiveWorker: false, type: first[0] };
  const values = [first ?? null, ...(rest as (Buffer | null)[])];
  return { fingerprint, hasLiveWorker: hasLiveWorker === 1, values };
}
