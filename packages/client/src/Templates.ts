import {
  parseAs,
  SubmitAnswer,
  Template,
  type TemplateBody,
  type TemplateChange,
  type TemplateRunBody,
  TemplatesAnswer,
} from '@skep/protocol';
import type { Http } from './Http.js';

/** The jobs with parameters that a queen keeps. Errors are SkepErrors; a name that there is not is a TEMPLATE_NOT_FOUND. */
export class Templates {
  constructor(private readonly http: Http) {}

  /** All of them, by name. */
  async list(): Promise<Template[]> {
    return parseAs(TemplatesAnswer, await this.http.json('GET', '/api/templates'), 'The list of templates').templates;
  }

  async get(name: string): Promise<Template> {
    return parseAs(Template, await this.http.json('GET', pathOf(name)), 'The template');
  }

  /** @throws {SkepError} TEMPLATE_EXISTS, INVALID_TEMPLATE */
  async add(template: TemplateBody): Promise<Template> {
    return parseAs(Template, await this.http.json('POST', '/api/templates', { body: template }), 'The template');
  }

  /** Puts another in place of the one of this name. @throws {SkepError} INVALID_TEMPLATE */
  async replace(name: string, template: TemplateChange): Promise<Template> {
    return parseAs(Template, await this.http.json('PUT', pathOf(name), { body: template, repeatable: true }), 'The template');
  }

  /** @throws {SkepError} TEMPLATE_IN_USE */
  async remove(name: string): Promise<void> {
    await this.http.json('DELETE', pathOf(name));
  }

  /** Submits the job that it is with these values. @throws {SkepError} INVALID_VALUES */
  async run(name: string, body: TemplateRunBody): Promise<SubmitAnswer> {
    return parseAs(SubmitAnswer, await this.http.json('POST', `${pathOf(name)}/run`, { body }), 'The answer');
  }
}

const pathOf = (name: string): string => `/api/templates/${encodeURIComponent(name)}`;
