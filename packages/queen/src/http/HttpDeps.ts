import type { Limits } from '@skep/protocol';
import type { Logger } from 'pino';
import type { Artifacts } from '../artifacts/Artifacts.js';
import type { Contents } from '../artifacts/Contents.js';
import type { Uploads } from '../artifacts/Uploads.js';
import type { DroneDesk, JobDesk, PlatformDesk, ScheduleDesk, TemplateDesk } from '../ports.js';
import type { FleetStats } from '../reads/FleetStats.js';
import type { JobReader } from '../reads/JobReader.js';
import type { Projects } from '../reads/Projects.js';
import type { JobRetention } from '../retention/JobRetention.js';
import type { ErrorIndex } from '../search/ErrorIndex.js';
import type { Searches } from '../search/Searches.js';
import type { Access } from './access.js';
import type { Links } from './links.js';
import type { QueenMetrics } from './metrics.js';
import type { WebFiles } from './page/WebFiles.js';
import type { Views } from './views.js';

/** All that answers over HTTP are made of. */
export interface HttpDeps {
  desk: JobDesk & DroneDesk;
  schedules: ScheduleDesk;
  templates: TemplateDesk;
  platforms: PlatformDesk;
  reader: JobReader;
  projects: Projects;
  stats: FleetStats;
  searches: Searches;
  errorIndex: ErrorIndex;
  access: Access;
  links: Links;
  views: Views;
  artifacts: Artifacts;
  uploads: Uploads;
  contents: Contents;
  retention: JobRetention;
  metrics: QueenMetrics;
  limits: Pick<Limits, 'maxPayload'>;
  version: string;
  /** The built pages; empty where none are served. */
  web: WebFiles;
  /** Whether the queen is about to stop, so that no new work should be sent to it. */
  isStopping(): boolean;
  log: Logger;
}
