export type { ContentRange, ContentStore, GivenArtifact, Giving } from './ContentStore.js';
export { FolderStore } from './FolderStore.js';
export { fileError } from './fileErrors.js';
export { openContentStore } from './openContentStore.js';
export { PartialFiles } from './PartialFiles.js';
