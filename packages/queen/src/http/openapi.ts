import { ErrorAnswer } from '@skep/protocol';
import { z } from 'zod';
import type { Route } from './route.js';

type JsonSchema = Record<string, unknown>;

/** The routes in the form of OpenAPI 3.1, made of the schemas that check them; those with an id become components. */
export function openApiOf(routes: readonly Route[], version: string): JsonSchema {
  const schemas = new Map<string, unknown>();
  const paths: Record<string, JsonSchema> = {};
  for (const route of routes) {
    const path = route.path.replace(/[:*](\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operationOf(route, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Skep',
      version,
      description: 'The queen of a build fleet: jobs, their output, and drones.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // Seen from this document, so that it is right below any path under which the queen is reached.
    servers: [{ url: '..' }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'Not needed by a queen on a loopback address.' } },
      schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

function operationOf(route: Route, schemas: Map<string, unknown>): JsonSchema {
  const error = { description: 'It could not be done.', content: { 'application/json': { schema: schemaOf(ErrorAnswer, schemas) } } };
  return {
    operationId: operationIdOf(route),
    summary: route.summary,
    security: route.scope === 'public' ? [] : [{ token: [] }],
    parameters: [...parametersOf('path', route.params, schemas), ...parametersOf('query', route.query, schemas)],
    ...(route.body && {
      requestBody: {
        required: !route.body.safeParse(undefined).success,
        content: { 'application/json': { schema: schemaOf(route.body, schemas) } },
      },
    }),
    ...(route.takesStream && {
      requestBody: { required: true, content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } },
    }),
    responses: { [route.answer.status]: answerOf(route.answer, schemas), default: error },
  };
}

/** Such as `post_jobs_id_cancel`: unique, and made of what is unique. */
const operationIdOf = ({ method, path }: Route): string =>
  [method, ...path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '' && word !== 'api')].join('_');

function answerOf({ schema, type }: Route['answer'], schemas: Map<string, unknown>): JsonSchema {
  const content = schema
    ? { 'application/json': { schema: schemaOf(schema, schemas) } }
    : type && { [type]: { schema: { type: 'string' } } };
  return { description: 'It is done.', ...(content && { content }) };
}

function parametersOf(place: 'path' | 'query', object: z.ZodObject | undefined, schemas: Map<string, unknown>): JsonSchema[] {
  return Object.entries(object?.shape ?? {}).map(([name, part]) => {
    const { description, ...schema } = schemaOf(part as z.ZodType, schemas);
    const required = place === 'path' || !(part as z.ZodType).safeParse(undefined).success;
    return { name, in: place, required, ...(description !== undefined && { description }), schema };
  });
}

/** The JSON schema of what is sent; parts that have an id go to `schemas` and are referred to. */
function schemaOf(schema: z.ZodType, schemas: Map<string, unknown>): JsonSchema {
  const { $schema: _, $defs, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  for (const [id, part] of Object.entries($defs ?? {})) schemas.set(id, withComponents(part));
  return withComponents(rest) as JsonSchema;
}

const withComponents = (schema: unknown): unknown => JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
