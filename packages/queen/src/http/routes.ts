import { findArtifacts, listArtifacts, showArtifact, showCache, showLatestArtifact, showTarball, showZip } from './handlers/artifacts.js';
import { compareTwo } from './handlers/compare.js';
import { drainDrone, forgetDrone, listDrones, resumeDrone } from './handlers/drones.js';
import { healthz, metrics, readyz } from './handlers/health.js';
import { cancelJob, changePriority, countJobs, explainJob, listJobs, retryJob, showJob, submitJob } from './handlers/jobs.js';
import { makeLink } from './handlers/links.js';
import { showOutput, showOutputIndex } from './handlers/output.js';
import { pages } from './handlers/page.js';
import { dropPlatform, listPlatforms, restorePlatform } from './handlers/platforms.js';
import { listProjects, showBadge, showProject } from './handlers/projects.js';
import { planRetention, tryRetention } from './handlers/retention.js';
import {
  addSchedule,
  changeSchedule,
  listSchedules,
  nextOfSchedule,
  pauseSchedule,
  previewSchedule,
  removeSchedule,
  resumeSchedule,
  runSchedule,
  showSchedule,
} from './handlers/schedules.js';
import { searchOutput } from './handlers/search.js';
import { showStats } from './handlers/stats.js';
import { addTemplate, listTemplates, removeTemplate, replaceTemplate, runTemplate, showTemplate } from './handlers/templates.js';
import { addToken, dropToken, listTokens } from './handlers/tokens.js';
import { announceArtifact, announceCache, appendToUpload, showUpload } from './handlers/uploads.js';
import { dropView, listViews, putView } from './handlers/views.js';
import { openApiOf } from './openapi.js';
import { type Route, route } from './route.js';

const api: readonly Route[] = [
  submitJob,
  listJobs,
  countJobs,
  showJob,
  showOutput,
  showOutputIndex,
  searchOutput,
  cancelJob,
  changePriority,
  retryJob,
  explainJob,
  announceArtifact,
  listArtifacts,
  showTarball,
  showZip,
  showArtifact,
  showLatestArtifact,
  findArtifacts,
  makeLink,
  showUpload,
  appendToUpload,
  announceCache,
  showCache,
  compareTwo,
  showStats,
  planRetention,
  tryRetention,
  listProjects,
  showProject,
  showBadge,
  listDrones,
  drainDrone,
  resumeDrone,
  forgetDrone,
  listPlatforms,
  dropPlatform,
  restorePlatform,
  listTokens,
  addToken,
  dropToken,
  listViews,
  putView,
  dropView,
  listSchedules,
  addSchedule,
  showSchedule,
  changeSchedule,
  removeSchedule,
  pauseSchedule,
  resumeSchedule,
  runSchedule,
  nextOfSchedule,
  previewSchedule,
  listTemplates,
  addTemplate,
  showTemplate,
  replaceTemplate,
  removeTemplate,
  runTemplate,
  healthz,
  readyz,
  metrics,
];

const openApi = route({
  method: 'get',
  path: '/api/openapi.json',
  summary: 'Every route in the form of OpenAPI.',
  scope: 'public',
  answer: { status: 200, type: 'application/json' },
  handle: (_request, { version }) => ({ json: described(version) }),
});

/** Every route that programs are told of. */
export const documented: readonly Route[] = [...api, openApi];

// Made once, when it is first asked for: it takes tens of milliseconds.
let description: { version: string; json: unknown } | undefined;

function described(version: string): unknown {
  if (description?.version !== version) description = { version, json: openApiOf(documented, version) };
  return description.json;
}

/** Every route of the queen. */
export const routes: readonly Route[] = [...documented, ...pages];
