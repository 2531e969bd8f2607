export { createMemoryStore } from './memory/createMemoryStore.js';
export { StoreMemory } from './memory/StoreMemory.js';
export { newAttempt, newJobState } from './newRecords.js';
export type {
  ArtifactRecord,
  AttemptRecord,
  CacheRecord,
  CommandRecord,
  DroneRecord,
  DroppedPlatformRecord,
  JobRecord,
  JobRow,
  JobState,
  ScheduleRecord,
  ScheduleRunRecord,
  ScheduleRunRow,
  StoredEvent,
  TemplateRecord,
  TokenRecord,
  UploadRecord,
  UploadTarget,
  ViewRecord,
} from './records.js';
export type {
  ArtifactFilter,
  ArtifactPage,
  Change,
  CommandSnapshot,
  DoneJob,
  EndTally,
  EventRun,
  JobFilter,
  JobSnapshot,
  PastRun,
  Store,
  Tally,
  UnfinishedJob,
} from './Store.js';
export type { SqliteStoreOptions } from './sqlite/openSqliteStore.js';
export { openSqliteStore } from './sqlite/openSqliteStore.js';
export { waitClassOf, waitOfClass } from './waitClasses.js';
