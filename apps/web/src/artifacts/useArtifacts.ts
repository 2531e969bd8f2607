import type { ArtifactInfo, AttemptInfo } from '@skep/protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { useReadAgainOnReturn } from '../feed/queries.js';
import { useFeed } from '../feed/useFeed.js';
import { useLive } from '../feed/useLive.js';

/** While an attempt runs, what it left behind is asked for no more often than this. */
const AGAIN_MS = 2000;

/** What an attempt left behind, by path. */
export function useArtifacts(job: string, attempt: AttemptInfo | undefined): UseQueryResult<ArtifactInfo[]> {
  const { client } = useFeed();
  const isOver = attempt?.outcome !== null;
  const key = ['artifacts', job, attempt?.attempt, isOver];
  useReadAgainOnReturn(key);
  return useLive(key, () => client.artifacts.list(job, attempt?.attempt), isOver ? undefined : AGAIN_MS, attempt !== undefined);
}
