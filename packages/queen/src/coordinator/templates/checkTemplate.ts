import { type Issue, MASK, nearest, type Parameter, SkepError, type TemplateBody, type TemplateValue, toSkepError } from '@skep/protocol';
import { fillTemplate } from './fillTemplate.js';
import { namesIn } from './renderText.js';
import { faultOf } from './valuesOf.js';

type Spec = Omit<TemplateBody, 'name'>;

/** Refuses a template that could never be filled. @throws {SkepError} INVALID_TEMPLATE, with each place that is wrong */
export function checkTemplate(spec: Spec): void {
  const { job, parameters = [] } = spec;
  const names = parameters.map(({ name }) => name);
  const issues = [...parameterIssues(parameters), ...textIssues(job, 'job', names)];
  if (issues.length === 0) issues.push(...filledIssues(spec, parameters));
  const [first] = issues;
  if (first) throw new SkepError('INVALID_TEMPLATE', `The template is not right: ${first.path}: ${first.message}`, { issues });
}

function parameterIssues(parameters: readonly Parameter[]): Issue[] {
  return parameters.flatMap((parameter, i) => {
    const { name, type = 'string', options, default: value } = parameter;
    const path = `parameters.${i}`;
    if (parameters.findIndex((each) => each.name === name) < i) return [{ path: `${path}.name`, message: `${name} is there already` }];
    if (options && type !== 'string') return [{ path: `${path}.options`, message: 'only a string has options' }];
    const fault = value === undefined ? undefined : faultOf(parameter, value);
    return fault === undefined ? [] : [{ path: `${path}.default`, message: fault }];
  });
}

/** What is wrong with the strings of the job. */
function textIssues(value: unknown, path: string, known: readonly string[]): Issue[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, each]) => textIssues(each, `${path}.${key}`, known));
  if (typeof value !== 'string') return [];
  if (value === MASK) return [{ path, message: 'is masked: give its value' }];
  if (value.includes('\0')) return [{ path, message: 'must not hold a null character' }];
  try {
    const unknown = namesIn(value).find((name) => !known.includes(name));
    if (unknown === undefined) return [];
    const near = nearest(unknown, known);
    return [{ path, message: `there is no parameter ${unknown}${near === undefined ? '' : `; did you mean ${near}?`}` }];
  } catch (error) {
    return [{ path, message: (error as Error).message }];
  }
}

/** What is wrong with the job that comes out, with values that there may be. */
function filledIssues(spec: Spec, parameters: readonly Parameter[]): Issue[] {
  try {
    fillTemplate(spec, Object.fromEntries(parameters.map((each) => [each.name, sampleOf(each)])));
    return [];
  } catch (error) {
    const { message, issues = [] } = toSkepError(error);
    return issues.length > 0
      ? issues.map(({ path, message: words }) => ({ path: `job.${path}`, message: words }))
      : [{ path: 'job', message }];
  }
}

function sampleOf({ type = 'string', options: [first] = [], default: value }: Parameter): TemplateValue {
  return value ?? first ?? { string: 'x', number: 1, boolean: true }[type];
}
