export type { ContentRange, ContentStore } from './ContentStore.js';
export { FolderStore } from './FolderStore.js';
export { PartialFiles } from './PartialFiles.js';
