import type { ArtifactFilter } from './Store.js';

/** Whether an artifact is one of those that a filter means. */
export function isMeant(
  artifact: { path: string; mediaType: string; sha256: string; project: string | null },
  { sha256, project, text, mediaType }: Omit<ArtifactFilter, 'before' | 'limit'>,
): boolean {
  if (sha256 !== undefined && artifact.sha256 !== sha256) return false;
  if (project !== undefined && artifact.project !== project) return false;
  if (mediaType !== undefined && !mediaType.test(artifact.mediaType)) return false;
  return text === undefined || artifact.path.toLowerCase().includes(text.toLowerCase());
}
