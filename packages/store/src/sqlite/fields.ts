/** What SQLite keeps in a column, apart from output. */
export type Value = string | number | null;

/** A row as it comes from SQLite, under the names of the record's fields. */
export type Row = Record<string, unknown>;

/** How a field rests: as it is, as 0 or 1, or as JSON. */
type Kind = 'plain' | 'boolean' | 'json';

/** The fields of a record that are columns of a table; the compiler sees to it that none is forgotten. */
type Kinds<T> = Readonly<Record<keyof T & string, Kind>>;

/** The fields of a record as columns: the names in SQL, and the way there and back. */
export interface Fields<T> {
  /** The columns, in the order of `encode`. */
  readonly columns: readonly string[];
  /** One parameter for each column. */
  readonly parameters: string;
  /** For an `update` or `on conflict do update`. */
  readonly assignments: string;
  /** Select list that gives each column the name of its field; `table` is the table or its alias. */
  select(table: string): string;
  encode(record: T): Value[];
  decode(row: Row): T;
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The columns of a record: each field under its own name, written with underscores. */
export function fieldsOf<T extends object>(kinds: Kinds<T>): Fields<T> {
  const fields = (Object.entries(kinds) as [keyof T & string, Kind][]).map(([name, kind]) => ({ name, kind, column: snakeCase(name) }));
  const columns = fields.map(({ column }) => column);
  return {
    columns,
    parameters: columns.map(() => '?').join(', '),
    assignments: columns.map((column) => `${column} = ?`).join(', '),
    select: (table) => fields.map(({ name, column }) => `${table}.${column} as ${name}`).join(', '),
    encode: (record) => fields.map(({ name, kind }) => encodeValue(record[name], kind)),
    decode: (row) => Object.fromEntries(fields.map(({ name, kind }) => [name, decodeValue(row[name], kind)])) as T,
  };
}

/** For an upsert: each column takes the value that was to be inserted. */
export const takenOver = (columns: readonly string[]): string => columns.map((column) => `${column} = excluded.${column}`).join(', ');

function encodeValue(value: unknown, kind: Kind): Value {
  if (value === null || value === undefined) return null;
  if (kind === 'json') return JSON.stringify(value) ?? null;
  if (kind === 'boolean') return value ? 1 : 0;
  return value as Value;
}

function decodeValue(value: unknown, kind: Kind): unknown {
  if (value === null) return null;
  if (kind === 'json') return JSON.parse(value as string);
  if (kind === 'boolean') return value === 1;
  return value;
}
