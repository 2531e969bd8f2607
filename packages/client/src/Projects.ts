import { Project, ProjectsAnswer, parseAs } from '@skep/protocol';
import type { Http } from './Http.js';

/** What jobs have become, by the projects that they name. Errors are SkepErrors. */
export class Projects {
  constructor(private readonly http: Http) {}

  /** A page of them, by name; `next` of one page is `after` of the one after it. */
  async list(after?: string): Promise<ProjectsAnswer> {
    return parseAs(ProjectsAnswer, await this.http.json('GET', '/api/projects', { query: { after } }), 'The list of projects');
  }

  /** @throws {SkepError} PROJECT_NOT_FOUND */
  async get(project: string): Promise<Project> {
    return parseAs(Project, await this.http.json('GET', pathOf(project)), 'The project');
  }

  /** Where the newest artifact of this path is that passed. */
  latestAddress(project: string, path: string): string {
    return `${this.http.url}${pathOf(project)}/latest/${path.split('/').map(encodeURIComponent).join('/')}`;
  }

  /** Where the badge of a project is, or of one branch of it. */
  badgeAddress(project: string, branch?: string): string {
    return this.http.url + badgePath(project, branch);
  }

  /** Where a browser reads it by itself; where badges need a token, for the next five minutes. */
  openBadge(project: string, branch?: string): Promise<string> {
    return this.http.openAddress(badgePath(project, branch));
  }
}

const badgePath = (project: string, branch?: string): string =>
  `${pathOf(project)}/badge.svg${branch === undefined ? '' : `?branch=${encodeURIComponent(branch)}`}`;
const pathOf = (project: string): string => `/api/projects/${encodeURIComponent(project)}`;
