import { z } from 'zod';
import { table } from '../../../scripts/lib/table.mjs';

const intro = `# HTTP

Every route of a queen, made from the routes themselves by \`npm run docs\`. Answers are JSON unless said otherwise; errors are \`{error}\` with an
[ErrorBody](protocol.md#errorbody) and the status that belongs to its [code](errors.md). Where the queen wants tokens, one is given as
\`Authorization: Bearer TOKEN\`: an \`admin\` token opens everything, a \`drone\` token what is marked so, and the ticket of an attempt what is
marked so and is the attempt's own. \`GET /api/openapi.json\` has the same for programs, with the schema of every field.`;

const linkOf = (schema) => {
  const id = (z.globalRegistry.get(schema) ?? z.globalRegistry.get(schema.unwrap?.() ?? schema))?.id;
  return id === undefined ? undefined : `[${id}](protocol.md#${id.toLowerCase()})`;
};

/** What a route is asked with: fields of its address, then its body. */
function asks({ query, body, takesStream }) {
  const fields =
    query &&
    (linkOf(query) ??
      Object.keys(query.shape)
        .map((name) => `\`${name}\``)
        .join(', '));
  return [fields && `? ${fields}`, body && (linkOf(body) ?? 'JSON'), takesStream && 'bytes'].filter(Boolean).join(', ');
}

const answers = ({ answer: { schema, type, status } }) => (schema ? (linkOf(schema) ?? 'JSON') : type ? `\`${type}\`` : String(status));

const opensTo = ({ scope, takesTickets }) => [scope, takesTickets && 'ticket'].filter(Boolean).join(', ');

const rowOf = (route) => [
  `\`${route.method.toUpperCase()} ${route.path.replaceAll('|', '\\|')}\``,
  opensTo(route),
  asks(route),
  answers(route),
  route.summary,
];

/** What the route is about, by its address: `jobs` of `/api/jobs/:id`. */
const subjectOf = ({ path }) => /^\/api\/([\w-]+)/.exec(path)?.[1] ?? 'the queen itself';

/** The text of docs/http.md. @param routes those that programs are told of */
export function httpPage(routes) {
  const head = ['route', 'opens to', 'asks', 'answers', 'meaning'];
  const sections = [...new Set(routes.map(subjectOf))].map(
    (subject) => `## ${subject}\n\n${table(head, routes.filter((route) => subjectOf(route) === subject).map(rowOf))}`,
  );
  return `${[intro, ...sections].join('\n\n')}\n`;
}
